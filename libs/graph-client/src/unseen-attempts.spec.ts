import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { UpstreamRequest } from '@bookings/domain';
import { FixedToken } from './credentials/graph-credential.ts';
import { GraphClient } from './graph-client.ts';
import { FixedPermits } from './mailbox-limiter/permits.ts';
import { NO_EVENTS } from './upstream-events.ts';

/** What has happened, in its order. */
let log: string[];
let client: GraphClient;
const server = createServer((request, response) => {
  request.resume();
  arrived.resolve(response);
});
let arrived: PromiseWithResolvers<ServerResponse>;

class LoggedPermits extends FixedPermits {
  override close(): Promise<void> {
    log.push(`permits given up, ${client.occupancy().placesInUse} places in use`);
    return super.close();
  }
}

beforeEach(async () => {
  log = [];
  arrived = Promise.withResolvers();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : NaN;
  client = new GraphClient({
    baseUrl: `http://127.0.0.1:${port}/v1.0`,
    credential: new FixedToken('token'),
    attemptTimeoutMs: 600_000,
    mailbox: { concurrency: 4, queueLimit: 10, lingerMs: 0 },
    addressSchema: 'documented',
    permits: new LoggedPermits(4),
    events: { ...NO_EVENTS, throttled: () => log.push('throttled') },
  });
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

/** Sends a request whose caller leaves. @returns Graph's response to it */
async function leave(): Promise<ServerResponse> {
  const caller = new AbortController();
  const request: UpstreamRequest = {
    caller: { kind: 'application', appId: 'a', tenantId: 't', permissions: [], personal: false },
    callerToken: '',
    requestId: 'r',
    clientRequestId: 'c',
    headers: {},
    deadlineAtMs: performance.now() + 600_000,
    signal: caller.signal,
    trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
  };
  const gone = client.getCustomer('b@contoso.com', '1', '', request);
  const response = await arrived.promise;
  caller.abort(new Error('the caller has left'));
  await expect(gone).rejects.toThrow('the caller has left');
  return response;
}

describe('an attempt whose caller has left', () => {
  it('keeps the client busy until Graph has answered', async () => {
    const response = await leave();
    const idle = client.whenIdle().then(() => log.push('idle'));
    await new Promise((resolve) => setImmediate(resolve));
    log.push('answered');
    response.end('{"id":"1"}');
    await idle;
    expect(log).toEqual(['answered', 'idle']);
  });

  it('reports that Graph has answered 429', async () => {
    const response = await leave();
    response.writeHead(429).end();
    await client.whenIdle();
    expect(log).toEqual(['throttled']);
  });

  it('is aborted by the end of the client, which then gives up what is held for attempts', async () => {
    await leave();
    await client.close();
    expect(log).toEqual(['permits given up, 0 places in use']);
  });
});
