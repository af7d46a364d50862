// Graph for the soak. Of 101 requests six meet a fault, each another one. They are counted out, so
// that two soaks meet the same ones; 101 is a prime, so that every kind of request meets them all.
import type { RequestListener } from 'node:http';
import { answer, HEADERS, newCustomer, server } from './graph-stub.ts';

const CYCLE = 101;
const SLOW_MS = 2000;

const customers = Array.from({ length: 100 }, () => {
  const text = newCustomer();
  return `{${text.slice(text.indexOf('"id"'))}`;
});
const page = `{"value":[${customers.join()}]}`;

/** Acts when the body of the request was read. */
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
  else answer(request, response);
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

/** Half of what was announced is sent, and no more. */
const brokenOff = read(({ method, socket }, response) => {
  response.writeHead(method === 'POST' ? 201 : 200, { ...HEADERS, 'Content-Length': 800 });
  response.write(' '.repeat(400), () => socket.destroy());
});

/** By the place of a request in its cycle. */
const faults: Readonly<Record<number, RequestListener>> = {
  0: reset,
  17: read(reset),
  34: refusal(429, 'TooManyRequests', { 'Retry-After': '1' }),
  51: refusal(503, 'serviceNotAvailable'),
  68: slow,
  85: brokenOff,
};
let count = 0;

server.removeListener('request', answer).on('request', (request, response) => {
  // A caller may leave before its answer is written.
  response.on('error', () => undefined);
  if (request.url !== '/keys') count += 1;
  const fault = request.url === '/keys' ? answer : faults[count % CYCLE];
  (fault ?? usual)(request, response);
});
