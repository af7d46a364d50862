import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import {
  CREATE_PERMISSION,
  DOCUMENTED_REQUEST,
  type Stack,
  jsonObject,
  objectIn,
} from '../stack.ts';

export const BUSINESSES = '/v1.0/solutions/bookingBusinesses';

/** A connection to the server at `url` that has sent `bytes` as they are. */
export async function open(url: string, bytes: string | Uint8Array = ''): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // Whoever breaks the rules must expect a reset; what was read before it counts.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (bytes.length > 0) socket.write(bytes);
  return socket;
}

/** Everything that comes until the connection is closed, by whomever and however. */
export async function allOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('latin1');
}

/** Sends lines, each ended with CRLF but the last one, and reads until the connection closes. */
export async function send(url: string, ...lines: string[]): Promise<string> {
  return allOf(await open(url, lines.join('\r\n')));
}

/** The lines of a create that is good, but for `more` and its path. */
export async function createLines(
  stack: Stack,
  path: string,
  ...more: string[]
): Promise<string[]> {
  const length = Buffer.byteLength(DOCUMENTED_REQUEST);
  return [
    ...(await headLines(stack, path, ...more)),
    `Content-Length: ${length}`,
    '',
    DOCUMENTED_REQUEST,
  ];
}

/** The same without the length and the body. */
export async function headLines(
  { fake }: Stack,
  path: string,
  ...more: string[]
): Promise<string[]> {
  const token = await fake.issueToken({ roles: [CREATE_PERMISSION] });
  return [
    `POST ${path} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    ...more,
  ];
}

/** The statuses of the answers in what a connection gave, informational ones left out. */
export function statuses(answers: string): number[] {
  return [...answers.matchAll(/(?:^|\r\n|\})HTTP\/1\.1 ([2-5]\d\d) /g)].map(([, code]) =>
    Number(code),
  );
}

/** `error` of the first answer. */
export function errorIn(answer: string): Record<string, unknown> {
  return objectIn(jsonObject(answer.split('\r\n\r\n')[1] ?? ''), 'error');
}
