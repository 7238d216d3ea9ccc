import { ProbeFailure } from './checkType';

/** A failure on the network in words; anything else is passed on as it is. */
export function networkFailure(error: unknown, subject: string): ProbeFailure {
  if (error instanceof ProbeFailure) return withSubject(error, subject);
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  const words = wordsByCode[code] ?? certificateWords[code] ?? message;
  return new ProbeFailure(`${subject}: ${words}`, { unknown: isOffline(code), cause: error });
}

/** What is said of an answer does not say whose it was. */
function withSubject(failure: ProbeFailure, subject: string): ProbeFailure {
  const { message, unknown } = failure;
  return message.startsWith(subject)
    ? failure
    : new ProbeFailure(`${subject}: ${message}`, { unknown, cause: failure });
}

/** This machine has no network: that says nothing of what is looked at. */
function isOffline(code: string): boolean {
  return code === 'ENETUNREACH' || code === 'ENETDOWN' || code === 'EAI_AGAIN';
}

const wordsByCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOTFOUND: 'no host of that name is known',
  EAI_AGAIN: 'names cannot be looked up now: is this machine online?',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network: is this machine online?',
  ENETDOWN: 'the network is down',
  ETIMEDOUT: 'no answer',
  EACCES: 'not permitted',
  ENOENT: 'is not there',
  HPE_INVALID_CONSTANT: 'the answer is not HTTP',
  HPE_INVALID_HEADER_TOKEN: 'the answer is not HTTP',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are too long',
  ERR_HTTP2_ERROR: 'the answer is not HTTP/2',
  ERR_HTTP2_SESSION_ERROR: 'the answer is not HTTP/2',
  EPROTO: 'the answer is not TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the answer is not TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the answer is not TLS',
};

/** Codes: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const certificateWords: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed. To accept it: verify: false, or ca: FILE',
  SELF_SIGNED_CERT_IN_CHAIN: 'the authority of its certificate is not trusted here. To trust it: ca: FILE',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the authority of its certificate is not trusted here. To trust it: ca: FILE',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the authority of its certificate is not trusted here. To trust it: ca: FILE',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
