import { isObject } from './values.ts';

/** What stopped a connection, as an operator tells the causes apart. */
export type ConnectionFaultKind =
  'dns' | 'refused' | 'unreachable' | 'tls' | 'timeout' | 'lost' | 'other';

export interface ConnectionFault {
  readonly kind: ConnectionFaultKind;
  /** For logs and operators. Contains no address and nothing that was sent. */
  readonly reason: string;
}

const REASONS: Readonly<Record<ConnectionFaultKind, string>> = {
  dns: 'its host name cannot be resolved',
  refused: 'the connection was refused',
  unreachable: 'there is no route to the host',
  tls: 'the TLS connection failed',
  timeout: 'there was no complete answer in time',
  lost: 'the connection was lost',
  other: 'the connection failed',
};

/** Error codes of Node's `net` and `dns`, and of undici. */
const KINDS: Readonly<Record<string, ConnectionFaultKind>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ABORT_ERR: 'timeout',
  ECONNRESET: 'lost',
  EPIPE: 'lost',
  UND_ERR_SOCKET: 'lost',
};

/** Codes of OpenSSL's verification, of Node's TLS and of a server that does not speak TLS. */
const TLS = /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|EPROTO)/;

/** How deep `fetch` and undici wrap an error. */
const MAX_DEPTH = 5;

/** Why a server could not be reached, from the error of the connection. */
export function connectionFault(error: unknown): ConnectionFault {
  const code = codeIn(error);
  if (code === undefined) return { kind: 'other', reason: REASONS.other };
  const kind = TLS.test(code) ? 'tls' : Object.hasOwn(KINDS, code) ? KINDS[code] : undefined;
  return { kind: kind ?? 'other', reason: `${REASONS[kind ?? 'other']} (${code})` };
}

/** The first code of the error and its causes. */
function codeIn(error: unknown, depth = 0): string | undefined {
  if (!isObject(error) || depth > MAX_DEPTH) return undefined;
  const { code, cause } = error;
  const isCode = typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code);
  return isCode ? code : codeIn(cause, depth + 1);
}
