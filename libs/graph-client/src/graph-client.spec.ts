import { once } from 'node:events';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { UpstreamRequest } from '@bookings/domain';
import { FixedToken } from './credentials/graph-credential.ts';
import { GraphClient } from './graph-client.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** Records the forgotten tokens. */
class RecordingToken extends FixedToken {
  readonly forgotten: string[] = [];

  override forget(token = ''): void {
    this.forgotten.push(token);
  }
}

/** A client of a server that answers every request with `status`. */
async function clientOf(status: number, credential: RecordingToken): Promise<GraphClient> {
  const server = createServer((request, response) => {
    request.resume();
    response
      .writeHead(status, { 'Content-Type': 'application/json', 'Retry-After': '0' })
      .end('{"id":"1"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : NaN;
  const client = new GraphClient({
    baseUrl: `http://127.0.0.1:${port}/v1.0`,
    credential,
    attemptTimeoutMs: 5000,
    mailbox: { concurrency: 4, queueLimit: 10, lingerMs: 0 },
    addressSchema: 'documented',
  });
  cleanUps.push(
    () => client.close(),
    () => void server.close(),
  );
  return client;
}

function request(budgetMs = 5000): UpstreamRequest {
  return {
    caller: { kind: 'application', appId: 'a', tenantId: 't', permissions: [], personal: false },
    callerToken: '',
    requestId: 'r',
    clientRequestId: 'c',
    headers: {},
    deadlineAtMs: performance.now() + budgetMs,
    signal: new AbortController().signal,
    trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
  };
}

describe('GraphClient', () => {
  it.each([
    [401, ['token']],
    [403, []],
    [200, []],
  ])('after a %d lets the credential forget %j', async (status, expected) => {
    const credential = new RecordingToken('token');
    const client = await clientOf(status, credential);
    await client.getCustomer('b', '1', '', request()).catch(() => undefined);
    expect(credential.forgotten).toEqual(expected);
  });

  it('computes the reserve of an attempt from the budget before the wait for a token', async () => {
    const credential = new RecordingToken('token');
    credential.token = () => sleep(500, 'token');
    const client = await clientOf(503, credential);
    // The reserve is 150 ms, and less than 100 ms remain: no retry starts.
    const slow = request(600);
    await expect(client.getCustomer('b', '1', '', slow)).rejects.toThrow();
    expect(slow.trace.attempts).toBeLessThanOrEqual(1);
  });
});
