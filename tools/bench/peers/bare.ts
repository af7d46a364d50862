// The floor: node:http and undici with nothing between them. It asks for no token and reads no body.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Pool } from 'undici';
import { settings, UPSTREAM_CONNECTIONS } from './settings.ts';

const pool = new Pool(settings.upstreamUrl, { connections: UPSTREAM_CONNECTIONS });
const authorization = `Bearer ${settings.upstreamToken}`;

async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const post = request.method === 'POST';
  const answer = await pool.request({
    method: post ? 'POST' : 'GET',
    path: request.url ?? '/',
    headers: { authorization, ...(post && { 'content-type': 'application/json' }) },
    body: post ? await buffer(request) : null,
  });
  const body = Buffer.from(await answer.body.arrayBuffer());
  response.statusCode = answer.statusCode;
  response.setHeader('content-type', answer.headers['content-type'] ?? 'application/json');
  response.setHeader('content-length', body.length);
  response.end(body);
}

const server = createServer((request, response) => {
  passOn(request, response).catch(() => response.writeHead(502).end());
});
server.keepAliveTimeout = 600_000;
server.listen(settings.port, '127.0.0.1');
