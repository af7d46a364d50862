import { once } from 'node:events';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { UpstreamRequest } from '@bookings/domain';
import { FixedToken } from '../credentials/graph-credential.ts';
import { GraphClient } from '../graph-client.ts';

const BUSINESS = 'b@contoso.com';
let seen = 0;
let client: GraphClient;
const server = createServer((request, response) => {
  seen += 1;
  request.resume();
  response.writeHead(201, { 'Content-Type': 'application/json' }).end('{"id":"1"}');
});

beforeEach(async () => {
  seen = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : NaN;
  client = new GraphClient({
    baseUrl: `http://127.0.0.1:${port}/v1.0`,
    credential: new FixedToken('token'),
    attemptTimeoutMs: 10_000,
    mailbox: { concurrency: 1, queueLimit: 10, lingerMs: 60_000 },
    addressSchema: 'documented',
  });
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

function create(
  deadlineMs: number,
  beforeAttempt: () => Promise<void>,
  signal = new AbortController().signal,
) {
  const request: UpstreamRequest = {
    caller: { kind: 'application', appId: 'a', tenantId: 't', permissions: [], personal: false },
    callerToken: '',
    requestId: 'r',
    clientRequestId: 'c',
    headers: {},
    deadlineAtMs: performance.now() + deadlineMs,
    signal,
    trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
    beforeAttempt,
  };
  return client.createCustomer(BUSINESS, { displayName: 'Arnold' }, request);
}

describe('an attempt whose beginning is not recorded in time', () => {
  it('frees its place at the deadline, and sends nothing later', async () => {
    const recorded = Promise.withResolvers<undefined>();
    const hanging = create(200, () => recorded.promise);
    await expect(hanging).rejects.toMatchObject({ status: 504, outcome: 'not-sent' });
    expect(client.occupancy().placesInUse).toBe(0);
    recorded.resolve(undefined);
    await create(10_000, () => Promise.resolve());
    expect(seen).toBe(1);
  });

  it('frees its place when its caller leaves', async () => {
    const caller = new AbortController();
    const began = Promise.withResolvers<undefined>();
    const hanging = create(
      60_000,
      () => {
        began.resolve(undefined);
        return new Promise(() => {});
      },
      caller.signal,
    );
    await began.promise;
    caller.abort(new Error('the caller has left'));
    await expect(hanging).rejects.toThrow('the caller has left');
    expect([client.occupancy().placesInUse, seen]).toEqual([0, 0]);
  });
});
