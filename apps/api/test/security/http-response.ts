import { isObject } from '@bookings/domain';
import { jsonObject, objectIn } from '../json.ts';

/** A response in HTTP/1.1 syntax. */
export interface WireResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) [\x20-\x7e]*$/;
const FIELD = /^([\w!#$%&'*+.^`|~-]+): ?([\t\x20-\x7e\x80-\xff]*)$/;

/**
 * Parses the first final response in `bytes`; undefined while it is incomplete.
 *
 * @param bytes in Latin-1
 * @throws TypeError for invalid HTTP
 */
export function parseResponse(bytes: string, method: string): WireResponse | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...fields] = bytes.slice(0, end).split('\r\n');
  const status = Number(STATUS_LINE.exec(line)?.[1] ?? refuse(`a status line ${line}`));
  const rest = bytes.slice(end + 4);
  if (status < 200) return parseResponse(rest, method);
  const headers = new Map(
    fields.map((field) => {
      const [, name, value] = FIELD.exec(field) ?? refuse(`a header ${field}`);
      return [String(name).toLowerCase(), String(value)] as const;
    }),
  );
  if (headers.size < fields.length) refuse('a header twice');
  const bodiless = method === 'HEAD' || status === 204 || status === 304;
  const length = Number(bodiless ? 0 : (headers.get('content-length') ?? refuse('no length')));
  return rest.length < length ? undefined : { status, headers, body: rest.slice(0, length) };
}

function refuse(what: string): never {
  throw new TypeError(`no HTTP: ${what}`);
}

/** Statuses of the proxy, of the scripted faults, and of the redirect from `/` to `/docs`. */
const STATUSES: ReadonlySet<number> = new Set([
  ...[200, 201, 204, 302, 304, 308],
  ...[400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 418, 424, 429, 431],
  ...[502, 503, 504, 507],
]);

/** The reason why the proxy must not give this response; undefined when it may. */
export function faultIn(
  { status, headers, body }: WireResponse,
  method: string,
): string | undefined {
  if (!STATUSES.has(status)) return `the status ${status}: ${body}`;
  for (const name of ['request-id', 'client-request-id']) {
    const open = status < 400 && !headers.has('server-timing');
    if (!open && !headers.has(name)) return `${status} without ${name}`;
  }
  if (status < 400 || method === 'HEAD') return undefined;
  if (headers.get('content-type') !== 'application/json') return `${status} that is no JSON`;
  const error = objectIn(jsonObject(Buffer.from(body, 'latin1').toString('utf8')), 'error');
  const shaped =
    typeof error['code'] === 'string' &&
    typeof error['message'] === 'string' &&
    isObject(error['innerError']);
  return shaped ? undefined : `${status} in another shape than Graph's: ${body}`;
}
