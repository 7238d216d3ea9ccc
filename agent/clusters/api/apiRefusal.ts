import { HandrailError } from '../../protocol/errors';
import { cut } from '../../text/cut';

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
  };
}

/** The API server said no to one request. */
export class ApiRefusal extends HandrailError {
  readonly status: number;
  /** The server's word: `Expired`, `Forbidden`, `AlreadyExists`. */
  readonly reason: string;
  readonly body: Status;
  /** Milliseconds after which it wants to be asked again. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: Status, retryAfter?: number) {
    const reason = body.reason ?? '';
    super('cluster', cut(body.message ?? `The API server answered ${status}`, 2000), { status, reason });
    this.status = status;
    this.reason = reason;
    this.body = body;
    this.retryAfter = retryAfter;
  }
}

/** Reads what a server says of a request that it refused; `text` may be anything. */
export function refusalOf(
  status: number,
  text: string,
  headers: Readonly<Record<string, unknown>>,
): ApiRefusal {
  const body = statusIn(text);
  const seconds = Number(headers['retry-after'] ?? body.details?.retryAfterSeconds);
  const after = Number.isFinite(seconds) ? Math.min(seconds, 3600) * 1000 : undefined;
  const said = body.message === undefined ? text.trim().slice(0, 300) : '';
  const message = said === '' ? body.message : `The API server answered ${status}: ${said}`;
  return new ApiRefusal(status, { ...body, ...(message !== undefined && { message }) }, after);
}

function statusIn(text: string): Status {
  try {
    const found = JSON.parse(text) as Status & { kind?: string };
    return typeof found === 'object' && found.kind === 'Status' ? found : {};
  } catch {
    // A proxy on the way answers in words of its own.
    return {};
  }
}
