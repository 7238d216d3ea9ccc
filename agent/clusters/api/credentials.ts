import type { FoundContext } from '../contexts/foundContext';
import { askPlugin } from './askPlugin';
import { ClusterUnusable } from './clusterUnusable';
import { type Credential, heldCredential } from './credential';

/** Milliseconds that a plugin may take. */
const usualDeadline = 60_000;
/** Milliseconds within which a plugin is not asked again after the server refused what it gave. */
const notAgain = 10_000;

/**
 * Proves who we are to one cluster. A plugin is asked once, however many requests wait for what it gives; what it gave
 * counts until it expires or is refused.
 */
export class Credentials {
  readonly #context: FoundContext;
  readonly #deadline: number;
  readonly #waitsFor: (what: string | undefined) => void;
  #current: Credential | undefined;
  #asking: Promise<Credential> | undefined;
  #failure: ClusterUnusable | undefined;
  #askedAt = -Infinity;
  #library: Promise<() => Promise<string | undefined>> | undefined;

  /** `waitsFor` is told what is waited for, while that is so. */
  constructor(
    context: FoundContext,
    waitsFor: (what: string | undefined) => void,
    deadline: number = usualDeadline,
  ) {
    this.#context = context;
    this.#waitsFor = waitsFor;
    this.#deadline = deadline;
  }

  /** Throws ClusterUnusable. A plugin that failed is not asked again before {@link renew}. */
  async get(): Promise<Credential> {
    const { expiresAt = Infinity } = this.#current ?? {};
    if (this.#current !== undefined && expiresAt > Date.now()) return this.#current;
    if (this.#failure !== undefined) throw this.#failure;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** The server refused this one. Whether asking for another makes sense. */
  refuse(credential: Credential): boolean {
    // Another request found out before.
    if (this.#current !== credential) return true;
    if (!credential.isRenewable || performance.now() - this.#askedAt < notAgain) return false;
    this.#current = undefined;
    return true;
  }

  /** A person wants it tried again. */
  renew(): void {
    this.#failure = undefined;
    if (this.#current?.isRenewable === true) this.#current = undefined;
  }

  async #ask(): Promise<Credential> {
    this.#askedAt = performance.now();
    try {
      return (this.#current = await this.#fresh());
    } catch (error) {
      // Asked again and again, a program opens window after window, or an account is locked.
      if (error instanceof ClusterUnusable && this.#context.login !== 'token') this.#failure = error;
      throw error;
    } finally {
      this.#waitsFor(undefined);
    }
  }

  async #fresh(): Promise<Credential> {
    const { login, plugin = '' } = this.#context;
    if (login === 'plugin') {
      this.#waitsFor(`credentials from ${plugin.split(/[\\/]/).at(-1) ?? ''}`);
      return askPlugin(this.#context, this.#deadline);
    }
    return login === 'oidc' ? this.#fromProvider() : heldCredential(this.#context);
  }

  async #fromProvider(): Promise<Credential> {
    const context = this.#context;
    const issuer = context.user.authProvider?.config['idp-issuer-url'] ?? 'the identity provider';
    this.#waitsFor(`a token from ${issuer}`);
    const unusable = (message: string, cause?: unknown): ClusterUnusable =>
      new ClusterUnusable(context, { trouble: 'login', message, hint: 'Log in again, then retry.' }, cause);
    let token: string | undefined;
    try {
      this.#library ??= this.#loadLibrary();
      token = await (await this.#library)();
    } catch (cause) {
      throw unusable(`${issuer} gave no token: ${(cause as Error).message}`, cause);
    }
    if (token === undefined) throw unusable(`There is no token of ${issuer} that is good`);
    const headers = { ...context.user.impersonate, Authorization: `Bearer ${token}` };
    // The library looks at the token's own time.
    return { headers, expiresAt: Date.now() + 30_000, isRenewable: true };
  }

  async #loadLibrary(): Promise<() => Promise<string | undefined>> {
    const { libraryConfig, oidcToken } = await import('./kubernetesLibrary');
    const config = libraryConfig(this.#context);
    return () => oidcToken(config);
  }
}
