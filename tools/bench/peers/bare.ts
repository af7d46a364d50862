// The lower bound: @fastify/http-proxy without any checks.
import proxy from '@fastify/http-proxy';
import { fastify } from 'fastify';
import { connections, settings } from './settings.ts';

const app = fastify();
await app.register(proxy, { upstream: settings.upstreamUrl, undici: { connections } });
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
