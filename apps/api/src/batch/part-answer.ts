import { isUtf8 } from 'node:buffer';
import { finished } from 'node:stream/promises';
import type { LightMyRequestResponse } from 'fastify';

/** Header fields of an answer that come back with it, spelled as Graph spells them. */
const ANSWERED: readonly string[] = [
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

/** How a part of a batch was answered. */
export interface PartAnswer {
  readonly status: number;
  /** As it stands in the answer to the batch: JSON, in pieces. */
  readonly json: readonly Buffer[];
}

/** @param body JSON in UTF-8, taken over as it is; undefined when there is none */
export function partAnswer(
  id: string,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Buffer | undefined,
): PartAnswer {
  const head = JSON.stringify({ id, status, headers });
  if (body === undefined) return { status, json: [Buffer.from(head)] };
  const before = Buffer.from(`${head.slice(0, -1)},"body":`);
  return { status, json: [before, body, Buffer.from('}')] };
}

/** @param answer injected as a stream: otherwise its body would be copied, and made a text too */
export async function answerToPart(
  id: string,
  answer: LightMyRequestResponse,
): Promise<PartAnswer> {
  const headers = ANSWERED.flatMap((name) => {
    const value = answer.headers[name.toLowerCase()];
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  const body = bodyAsJson(await bytesOf(answer), answer.headers['content-type']);
  return partAnswer(id, answer.statusCode, Object.fromEntries(headers), body);
}

/** As it is written out: an object with `responses`, in the order of `answers`. */
export function batchAnswer(answers: readonly PartAnswer[]): Buffer[] {
  const parts = answers.flatMap(({ json }, index) =>
    index === 0 ? json : [Buffer.from(','), ...json],
  );
  return [Buffer.from('{"responses":['), ...parts, Buffer.from(']}')];
}

export function lengthOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

async function bytesOf(answer: LightMyRequestResponse): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const stream = answer.stream().on('data', (piece: Buffer) => pieces.push(piece));
  await finished(stream);
  const [first] = pieces;
  return first && pieces.length === 1 ? first : Buffer.concat(pieces);
}

/** What says that it is JSON is so: customers, pages and errors have been read on their way here. */
function bodyAsJson(body: Buffer, contentType: unknown): Buffer | undefined {
  if (body.length === 0) return undefined;
  const isJson = typeof contentType === 'string' && /^application\/json\b/i.test(contentType);
  if (!isJson) return Buffer.from(JSON.stringify(body.toString('utf8')));
  // A reader takes bytes that are no UTF-8 for replacement characters. Beside other parts they would
  // make the whole answer none.
  return isUtf8(body) ? body : Buffer.from(body.toString('utf8'));
}
