import { finished } from 'node:stream/promises';
import type { LightMyRequestResponse } from 'fastify';

/** Header fields of a response that the batch returns, in Graph's spelling. */
const RETURNED_FIELDS: readonly string[] = [
  'Allow',
  'Bookings-Warning',
  'Content-Type',
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'Preference-Applied',
  'Retry-After',
  'Server-Timing',
  'WWW-Authenticate',
  'client-request-id',
  'request-id',
];

/** The response to a part of a batch. */
export interface PartResponse {
  readonly status: number;
  /** Its JSON in the batch response, in chunks. */
  readonly json: readonly Buffer[];
}

/** @param body JSON in UTF-8, which is copied as it is; undefined without a body */
export function partResponse(
  id: string,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer | undefined,
): PartResponse {
  const head = JSON.stringify({ id, status, headers });
  if (body === undefined) return { status, json: [Buffer.from(head)] };
  const before = Buffer.from(`${head.slice(0, -1)},"body":`);
  return { status, json: [before, body, Buffer.from('}')] };
}

/** @param response injected with `payloadAsStream` */
export async function readPartResponse(
  id: string,
  response: LightMyRequestResponse,
): Promise<PartResponse> {
  const headers = RETURNED_FIELDS.flatMap((name) => {
    const value = response.headers[name.toLowerCase()];
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  const body = bodyAsJson(await bytesOf(response), response.headers['content-type']);
  return partResponse(id, response.statusCode, Object.fromEntries(headers), body);
}

/** The JSON of the batch response, in chunks. */
export function batchBody(responses: readonly PartResponse[]): Buffer[] {
  const parts = responses.flatMap(({ json }, index) =>
    index === 0 ? json : [Buffer.from(','), ...json],
  );
  return [Buffer.from('{"responses":['), ...parts, Buffer.from(']}')];
}

export function lengthOf(chunks: readonly Buffer[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

async function bytesOf(response: LightMyRequestResponse): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const stream = response.stream().on('data', (chunk: Buffer) => chunks.push(chunk));
  await finished(stream);
  return Buffer.concat(chunks);
}

/** A JSON body is valid, because customers, pages and errors were parsed before. */
function bodyAsJson(body: Buffer, contentType: unknown): Buffer | undefined {
  if (body.length === 0) return undefined;
  const isJson = typeof contentType === 'string' && /^application\/json\b/i.test(contentType);
  return isJson ? body : Buffer.from(JSON.stringify(body.toString('utf8')));
}
