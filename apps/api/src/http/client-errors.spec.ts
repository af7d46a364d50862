import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { handleClientError, requestEnded, requestStarted } from './client-errors.ts';

/** Of a request that was read. */
const IDS = { requestId: 'of the request', clientRequestId: 'of its client' };

let server: Server;

/** A server with the application's error handling and the given timeouts. */
async function listen(timeoutMs: number): Promise<void> {
  const timeouts = { requestTimeout: timeoutMs, headersTimeout: timeoutMs };
  server = createServer({ ...timeouts, connectionsCheckingInterval: 20 }, (request, response) => {
    requestStarted(request, response, () => IDS);
    response.once('close', () => {
      requestEnded(request, response);
    });
    request.resume().once('end', () => response.end('answered'));
  });
  server.on('clientError', handleClientError);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function send(...chunks: string[]): Promise<string> {
  const address = server.address();
  const socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  await once(socket, 'connect');
  const [first = '', ...later] = chunks;
  socket.write(first);
  for (const chunk of later) {
    await once(socket, 'data');
    socket.write(chunk);
  }
  return text(socket);
}

describe('a request that is too slow', () => {
  // Long enough for a busy machine to deliver the chunks that are sent.
  beforeEach(() => listen(1000));

  it.each<[string, string[]]>([
    ['headers', ['GET / HTTP/1.1\r\nHost: x\r\n']],
    ['a body', ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc']],
    [
      'a body that waits for 100 Continue',
      ['POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n'],
    ],
    ['a second request', ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'GET / HT']],
  ])('gets 408 in the shape of Graph: %s', async (_title, chunks) => {
    const response = await send(...chunks);
    expect(response).toMatch(
      /^HTTP\/1\.1 408 Request Timeout\r\nContent-Type: application\/json\r\n/m,
    );
    expect(response).toContain('"code":"RequestTimeout"');
    expect(response).toContain('"origin":"proxy"');
  });
});

describe('a malformed request', () => {
  beforeEach(() => listen(60_000));

  it('is read to its end, so that the client gets the response and no reset', async () => {
    const address = server.address();
    const socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
    const errors: Error[] = [];
    socket.on('error', (error) => errors.push(error));
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(4_000_000)}\r\n\r\n`);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(errors).toEqual([]);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('is not read without end', async () => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    // Goes on sending after the response has ended.
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    socket.on('error', () => undefined).resume();
    socket.write('no HTTP\r\n\r\n');
    const more = setInterval(() => socket.write('x'), 20);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(more);
  });
});
