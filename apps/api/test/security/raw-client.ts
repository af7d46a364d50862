import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { CREATE_PERMISSION, DOCUMENTED_REQUEST } from '../documented.ts';
import { jsonObject, objectIn } from '../json.ts';
import { type Stack } from '../stack.ts';

export const BUSINESSES = '/v1.0/solutions/bookingBusinesses';

/** Connects to `url` and sends `bytes` unchanged. */
export async function open(url: string, bytes: string | Uint8Array = ''): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // The server may reset the connection after an invalid request.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (bytes.length > 0) socket.write(bytes);
  return socket;
}

/** Reads until the connection is closed. */
export async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('latin1');
}

/** Sends lines that are joined with CRLF, and reads until the connection is closed. */
export async function send(url: string, ...lines: string[]): Promise<string> {
  return readAll(await open(url, lines.join('\r\n')));
}

/** The lines of a valid create with additional headers. */
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

/** The lines of a valid create without Content-Length and body. */
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

/** The statuses of all responses, without informational ones. */
export function statuses(responses: string): number[] {
  return [...responses.matchAll(/(?:^|\r\n|\})HTTP\/1\.1 ([2-5]\d\d) /g)].map(([, code]) =>
    Number(code),
  );
}

/** `error` in the body of the first response. */
export function errorIn(response: string): Record<string, unknown> {
  return objectIn(jsonObject(response.split('\r\n\r\n')[1] ?? ''), 'error');
}
