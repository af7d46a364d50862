import { isObject, type UpstreamResponse } from '@bookings/domain';

/** The response to a create, as it is stored with the key. */
export interface CreateResponse extends UpstreamResponse {
  readonly id: string;
  /** The value of the header field `Bookings-Warning`. */
  readonly warning: string | undefined;
}

/** The format is the length of the head (4 bytes), the head as JSON, and the body. */
export function serializeResponse(response: CreateResponse): Buffer {
  const { body, contentType, headers, id, warning } = response;
  const head = Buffer.from(JSON.stringify({ contentType, headers, id, warning }));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(head.length);
  return Buffer.concat([size, head, body]);
}

/**
 * Reads what `serializeResponse` has written. `requestId` and `date` are not stored: they belong to
 * one exchange with Graph.
 *
 * @throws TypeError when the bytes are not a response
 */
export function deserializeResponse(bytes: Buffer): CreateResponse {
  const end = 4 + bytes.readUInt32BE();
  const head: unknown = JSON.parse(bytes.toString('utf8', 4, end));
  if (!isObject(head) || typeof head['id'] !== 'string') {
    throw new TypeError('the bytes are not the response to a create');
  }
  const { contentType, headers, id, warning } = head;
  return {
    status: 201,
    body: bytes.subarray(end),
    contentType: typeof contentType === 'string' ? contentType : 'application/json',
    headers: stringMembers(headers),
    requestId: undefined,
    date: undefined,
    id,
    warning: typeof warning === 'string' ? warning : undefined,
  };
}

function stringMembers(value: unknown): Record<string, string> {
  const members = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    members.filter((member): member is [string, string] => typeof member[1] === 'string'),
  );
}
