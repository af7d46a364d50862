import { type UpstreamResponse, isObject } from '@bookings/domain';

/** What a create was answered with, for as long as its key is remembered. */
export interface CreateResponse extends UpstreamResponse {
  readonly id: string;
  /** What the caller must know of what was stored. */
  readonly warning: string | undefined;
}

/** The answer as bytes, to be sealed. */
export function written({ body, contentType, headers, id, warning }: CreateResponse): Buffer {
  const head = Buffer.from(JSON.stringify({ contentType, headers, id, warning }));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(head.length);
  return Buffer.concat([size, head, body]);
}

/**
 * The answer that `written` wrote. Whose request-id it had is over: each request has its own.
 *
 * @throws TypeError when it is none
 */
export function readAnswer(bytes: Buffer): CreateResponse {
  const end = 4 + bytes.readUInt32BE();
  const head: unknown = JSON.parse(bytes.toString('utf8', 4, end));
  if (!isObject(head) || typeof head['id'] !== 'string')
    throw new TypeError('no answer to a create');
  const { contentType, headers, id, warning } = head;
  return {
    status: 201,
    body: bytes.subarray(end),
    contentType: typeof contentType === 'string' ? contentType : 'application/json',
    headers: texts(headers),
    requestId: undefined,
    date: undefined,
    id,
    warning: typeof warning === 'string' ? warning : undefined,
  };
}

function texts(value: unknown): Record<string, string> {
  const members = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    members.filter((member): member is [string, string] => typeof member[1] === 'string'),
  );
}
