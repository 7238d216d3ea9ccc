import validRange from 'semver/ranges/valid';
import { FrontMatterPlaces } from './frontMatterPlaces';
import { isRecord, scalarText } from './frontMatterScalars';
import type { Diagnostic, FrontMatter, Position } from './model';

/** What must be there before the first step: front matter `requires`. */
export type Requirement = ToolRequirement | ProbeRequirement;

/** A program on the PATH. */
export interface ToolRequirement extends Position {
  readonly kind: 'tool';
  readonly name: string;
  /** A range as npm's semver reads it; `*`: any version will do, and it is not asked for its version. */
  readonly version: string;
  /** How to get it, in the author's words. */
  readonly get?: string;
}

/** A command that exits 0 where things are as they should be: a VPN, a login, a permission. */
export interface ProbeRequirement extends Position {
  readonly kind: 'probe';
  readonly name: string;
  readonly command: string;
  /** What to do where it fails, in the author's words. */
  readonly help?: string;
}

/** The requirements that a runbook declares. Those with a mistake in them are left out and are a diagnostic. */
export function declaredRequirements(
  frontMatter: FrontMatter | undefined,
  source: string,
): { requirements: Requirement[]; diagnostics: Diagnostic[] } {
  const declared = frontMatter?.values.requires;
  if (declared === undefined || declared === null) return { requirements: [], diagnostics: [] };
  const reader = new RequirementReader(new FrontMatterPlaces(source));
  const requirements = reader.all(declared);
  return { requirements, diagnostics: reader.diagnostics };
}

const forms =
  'Write `kubectl: ">=1.29"`, `jq: {version: "*", get: "…"}` or `vpn: {command: "…", help: "…"}`.';

class RequirementReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #places: FrontMatterPlaces;

  constructor(places: FrontMatterPlaces) {
    this.#places = places;
  }

  all(declared: unknown): Requirement[] {
    if (Array.isArray(declared)) {
      return declared.flatMap((item: unknown, at) => {
        if (isRecord(item)) return this.#record(item, ['requires', at]);
        return this.#tool(scalarText(item) ?? '', { version: '*' }, ['requires', at]);
      });
    }
    if (isRecord(declared)) return this.#record(declared, ['requires']);
    return this.#wrong(
      ['requires'],
      '`requires` is neither a list of programs nor names with versions',
      forms,
    );
  }

  #record(declared: Readonly<Record<string, unknown>>, path: readonly (string | number)[]): Requirement[] {
    return Object.entries(declared).flatMap(([name, value]) => {
      const place = [...path, name];
      if (!isRecord(value)) return this.#tool(name, { version: value ?? '*' }, place);
      return 'command' in value ? this.#probe(name, value, place) : this.#tool(name, value, place);
    });
  }

  #tool(
    name: string,
    value: Readonly<Record<string, unknown>>,
    path: readonly (string | number)[],
  ): Requirement[] {
    if (!/^[A-Za-z0-9][\w.+-]*$/.test(name)) {
      return this.#wrong(path, `\`${name}\` is not the name of a program`, forms);
    }
    const nested = 'version' in value && this.#places.written([...path, 'version']);
    const written = nested || this.#places.written(path) || scalarText(value.version ?? '*');
    const version = (typeof value.version === 'string' ? value.version : (written ?? '')).trim() || '*';
    if (written === undefined || validRange(version) === null) {
      const message = `\`${written ?? 'this'}\` is no range of versions for \`${name}\``;
      return this.#wrong(
        nested === false ? path : [...path, 'version'],
        message,
        'Write `>=1.29`, `^2.3`, `1.x || >=2.5` or `*`.',
        true,
      );
    }
    if (this.#unknownKeys(value, ['version', 'get'], path)) return [];
    const get = scalarText(value.get);
    return [{ kind: 'tool', name, version, ...(get ? { get } : {}), ...this.#places.key(path) }];
  }

  #probe(
    name: string,
    value: Readonly<Record<string, unknown>>,
    path: readonly (string | number)[],
  ): Requirement[] {
    const { command } = value;
    if (typeof command !== 'string' || command.trim() === '') {
      return this.#wrong([...path, 'command'], `The \`command\` of \`${name}\` is not a command`, forms);
    }
    if (command.includes('\0')) {
      const message = `The \`command\` of \`${name}\` has a NUL character in it, which no program can be given`;
      return this.#wrong([...path, 'command'], message, 'Take it away.', true);
    }
    if (this.#unknownKeys(value, ['command', 'help'], path)) return [];
    const help = scalarText(value.help);
    return [{ kind: 'probe', name, command, ...(help ? { help } : {}), ...this.#places.key(path) }];
  }

  #unknownKeys(value: object, known: readonly string[], path: readonly (string | number)[]): boolean {
    const unknown = Object.keys(value).filter(key => !known.includes(key));
    for (const key of unknown) {
      const message = `A requirement with \`${known[0]}\` can have \`${known[1]}\`, but not \`${key}\``;
      this.#wrong([...path, key], message, forms);
    }
    return unknown.length > 0;
  }

  #wrong(path: readonly (string | number)[], message: string, hint: string, atValue = false): [] {
    const at = atValue ? { at: 'value' as const } : {};
    this.diagnostics.push(this.#places.error(path, { code: 'bad-requirement', message, hint, ...at }));
    return [];
  }
}
