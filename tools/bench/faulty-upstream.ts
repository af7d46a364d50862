// The upstream with faults, each of them for one in 101 requests to businesses whose name begins with
// `faulty`. Which request meets which fault is counted out: two runs meet the same ones.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { CannedAnswers, GRAPH_HEADERS } from './canned-answers.ts';

/** A prime: whatever is asked for in turns of another length meets every fault. */
const CYCLE = 101;
const SLOW_MS = 2000;

const port = Number(process.env['PORT']);
const canned = new CannedAnswers(port, process.env['KEY_SET'] ?? '');

/** What happens to a request; it has not been read but for its head. */
type Fate = (request: IncomingMessage, response: ServerResponse) => void;

const read =
  (then: Fate): Fate =>
  (request, response) => {
    request.resume().once('end', () => {
      then(request, response);
    });
  };

const refusal = (status: number, code: string, headers: Record<string, string> = {}): Fate =>
  read((_request, response) => {
    const body = JSON.stringify({ error: { code, message: 'A fault of the bench.' } });
    const length = { 'Content-Length': body.length };
    response.writeHead(status, { ...GRAPH_HEADERS, ...length, ...headers }).end(body);
  });

const reset: Fate = (request) => {
  request.socket.resetAndDestroy();
};

const usual = read((request, response) => {
  canned.answer(request, response);
});

const slow = read((request, response) => {
  setTimeout(() => {
    canned.answer(request, response);
  }, SLOW_MS);
});

/** Half of what was announced is sent, and no more. */
const brokenOff = read((request, response) => {
  const half = Buffer.alloc(400, ' ');
  response.writeHead(request.method === 'POST' ? 201 : 200, {
    ...GRAPH_HEADERS,
    'Content-Length': 2 * half.length,
  });
  response.write(half, () => request.socket.destroy());
});

/** By the place of the request in its cycle. */
const FAULTS: ReadonlyMap<number, Fate> = new Map([
  [0, reset],
  [17, read(reset)],
  [34, refusal(429, 'TooManyRequests', { 'Retry-After': '1' })],
  [51, refusal(503, 'serviceNotAvailable')],
  [68, slow],
  [85, brokenOff],
]);

let asked = 0;

function fateOf({ url = '' }: IncomingMessage): Fate {
  if (!url.includes('/faulty')) return usual;
  asked += 1;
  return FAULTS.get(asked % CYCLE) ?? usual;
}

const server = createServer((request, response) => {
  // Whoever leaves while its answer is on the way takes nobody else's with it.
  response.on('error', () => undefined);
  fateOf(request)(request, response);
});
server.keepAliveTimeout = 600_000;
server.listen(port, '127.0.0.1');
