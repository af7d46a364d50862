// Stands in for Graph at next to no cost: canned answers with the headers of Graph's, and the key
// set of the callers' tokens. `slow` in the name of a business makes it take 20 ms.
import { createServer } from 'node:http';
import { CannedAnswers } from './canned-answers.ts';

const DELAY_MS = 20;

const port = Number(process.env['PORT']);
const canned = new CannedAnswers(port, process.env['KEY_SET'] ?? '');

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    if (request.url?.includes('slow')) {
      setTimeout(() => {
        canned.answer(request, response);
      }, DELAY_MS);
    } else canned.answer(request, response);
  });
});
server.keepAliveTimeout = 600_000;
server.listen(port, '127.0.0.1');
