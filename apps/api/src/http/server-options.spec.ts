import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { type RequestContext, trackRequests } from './request-context.ts';
import { limitResponseTime } from './server-options.ts';

describe('limitResponseTime', () => {
  const ignore = () => undefined;
  let app: FastifyInstance;
  let url: string;
  let arrived: PromiseWithResolvers<void>;
  /** The context when the response is sent. */
  let sent: PromiseWithResolvers<RequestContext>;

  beforeEach(async () => {
    app = fastify({ requestTimeout: 30_000 });
    arrived = Promise.withResolvers();
    sent = Promise.withResolvers();
    trackRequests(app, { onRequestStart: ignore, onRequestEnd: ignore });
    limitResponseTime(app);
    app.addHook('onSend', ({ requestContext }, _reply, _payload, done) => {
      sent.resolve(requestContext);
      done();
    });
    app.get('/now', () => 'here');
    app.get('/late', async ({ requestContext }) => {
      const disconnected = new Promise<void>((resolve) => {
        requestContext.disconnect.signal.addEventListener('abort', () => {
          resolve();
        });
      });
      arrived.resolve();
      await disconnected;
      return 'too late';
    });
    url = await app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterEach(() => app.close());

  it('sets a timeout for the client to read the response', async () => {
    expect(await (await fetch(`${url}/now`)).text()).toBe('here');
    expect((await sent.promise).responseTimeout?.hasRef()).toBe(false);
  });

  it('sets no timeout after the client has disconnected, because nothing would clear it', async () => {
    const clientRequest = request(`${url}/late`).on('error', ignore).end();
    await arrived.promise;
    clientRequest.destroy();
    const { disconnect, responseTimeout } = await sent.promise;
    expect(disconnect.signal.aborted).toBe(true);
    expect(responseTimeout?.hasRef()).toBeUndefined();
  });
});
