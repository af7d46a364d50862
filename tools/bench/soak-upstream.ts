// Graph for the soak. Six of 101 requests get a fault, each a different one. The position determines
// the fault, so that two soaks are alike. 101 is prime, so that every kind of request gets all faults.
import type { RequestListener } from 'node:http';
import { handleRequest, HEADERS, newCustomer, server } from './graph-stub.ts';

const CYCLE = 101;
const SLOW_MS = 2000;

const customers = Array.from({ length: 100 }, () => {
  const text = newCustomer();
  return `{${text.slice(text.indexOf('"id"'))}`;
});
const page = `{"value":[${customers.join()}]}`;

/** Called when the body of the request was read. */
const read =
  (then: RequestListener): RequestListener =>
  (request, response) => {
    request.resume().once('end', () => {
      then(request, response);
    });
  };

const usual: RequestListener = (request, response) => {
  const isList = request.method === 'GET' && !/\/customers\/./.test(request.url ?? '');
  if (isList) response.writeHead(200, { ...HEADERS, 'Content-Length': page.length }).end(page);
  else handleRequest(request, response);
};

const slow: RequestListener = (request, response) => {
  setTimeout(usual, SLOW_MS, request, response);
};

const refusal = (status: number, code: string, headers: Record<string, string> = {}) =>
  read((_request, response) => {
    const body = JSON.stringify({ error: { code, message: 'A fault of the soak.' } });
    const all = { ...HEADERS, ...headers, 'Content-Length': body.length };
    response.writeHead(status, all).end(body);
  });

const reset: RequestListener = ({ socket }) => socket.resetAndDestroy();

/** Sends half of the announced body. */
const brokenOff = read(({ method, socket }, response) => {
  response.writeHead(method === 'POST' ? 201 : 200, { ...HEADERS, 'Content-Length': 800 });
  response.write(' '.repeat(400), () => socket.destroy());
});

/** By the position of a request in its cycle. */
const faults: Readonly<Record<number, RequestListener>> = {
  0: reset,
  17: read(reset),
  34: refusal(429, 'TooManyRequests', { 'Retry-After': '1' }),
  51: refusal(503, 'serviceNotAvailable'),
  68: slow,
  85: brokenOff,
};
let count = 0;

server.removeListener('request', handleRequest).on('request', (request, response) => {
  // The client may disconnect before the response is written.
  response.on('error', () => undefined);
  if (request.url !== '/keys') count += 1;
  const fault = request.url === '/keys' ? handleRequest : faults[count % CYCLE];
  (fault ?? usual)(request, response);
});
