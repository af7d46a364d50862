import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { type RequestContext, trackRequests } from './request-context.ts';
import { limitConnections } from './server-options.ts';

describe('limitConnections', () => {
  const nobody = () => undefined;
  let app: FastifyInstance;
  let url: string;
  let arrived: PromiseWithResolvers<void>;
  /** Of the request, as it is when its answer is sent. */
  let sent: PromiseWithResolvers<RequestContext>;

  beforeEach(async () => {
    app = fastify({ requestTimeout: 30_000 });
    arrived = Promise.withResolvers();
    sent = Promise.withResolvers();
    trackRequests(app, nobody, nobody);
    limitConnections(app);
    app.addHook('onSend', ({ requestContext }, _reply, _payload, done) => {
      sent.resolve(requestContext);
      done();
    });
    app.get('/now', () => 'here');
    app.get('/late', async ({ requestContext }) => {
      const left = new Promise<void>((resolve) => {
        requestContext.disconnect.signal.addEventListener('abort', () => {
          resolve();
        });
      });
      arrived.resolve();
      await left;
      return 'too late';
    });
    url = await app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterEach(() => app.close());

  it('sets a clock for the taking of an answer', async () => {
    expect(await (await fetch(`${url}/now`)).text()).toBe('here');
    expect((await sent.promise).responseTimeout?.hasRef()).toBe(false);
  });

  it('sets none where the caller has left, as nothing would stop it', async () => {
    const asked = request(`${url}/late`).on('error', nobody).end();
    await arrived.promise;
    asked.destroy();
    const { disconnect, responseTimeout } = await sent.promise;
    expect(disconnect.signal.aborted).toBe(true);
    expect(responseTimeout?.hasRef()).toBeUndefined();
  });
});
