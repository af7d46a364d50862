// The upstream behind TLS, on TLS_PORT. Where CLOSES_AFTER is not 0 it closes each connection after
// so many answers. Over plain HTTP, on PORT, it says how many connections were made, and in how many
// of them a session was resumed.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { CannedAnswers } from './canned-answers.ts';

const env = (name: string) => process.env[name] ?? '';
const canned = new CannedAnswers(Number(env('TLS_PORT')), '');
const counts = { made: 0, resumed: 0 };

const options = { key: readFileSync(env('TLS_KEY')), cert: readFileSync(env('TLS_CERT')) };
const server = createTlsServer(options, (request, response) => {
  request.resume().once('end', () => {
    canned.answer(request, response);
  });
});
server.keepAliveTimeout = 600_000;
server.maxRequestsPerSocket = Number(env('CLOSES_AFTER'));
server.on('secureConnection', (socket) => {
  counts.made += 1;
  if (socket.isSessionReused()) counts.resumed += 1;
});
server.listen(Number(env('TLS_PORT')), '127.0.0.1');
createServer((_request, response) => response.end(JSON.stringify(counts))).listen(
  Number(env('PORT')),
  '127.0.0.1',
);
