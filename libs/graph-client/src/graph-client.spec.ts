import { once } from 'node:events';
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { UpstreamRequest } from '@bookings/domain';
import { FixedToken } from './credentials/graph-credential.ts';
import { GraphClient } from './graph-client.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Says what it was told to forget. */
class Forgetting extends FixedToken {
  readonly forgotten: string[] = [];

  override forget(token = ''): void {
    this.forgotten.push(token);
  }
}

/** A client of a server that answers everything with `status`. */
async function clientOf(status: number, credential: Forgetting): Promise<GraphClient> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'Content-Type': 'application/json' }).end('{"id":"1"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : NaN;
  const client = new GraphClient({
    baseUrl: `http://127.0.0.1:${port}/v1.0`,
    credential,
    attemptTimeoutMs: 5000,
    mailbox: { concurrency: 4, queueLimit: 10 },
    addressSchema: 'documented',
  });
  closing.push(
    () => client.close(),
    () => void server.close(),
  );
  return client;
}

function request(): UpstreamRequest {
  return {
    caller: { kind: 'application', appId: 'a', tenantId: 't', permissions: [], personal: false },
    callerToken: '',
    requestId: 'r',
    clientRequestId: 'c',
    headers: {},
    deadlineAtMs: performance.now() + 5000,
    signal: new AbortController().signal,
    trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
  };
}

describe('GraphClient', () => {
  it.each([
    [401, ['up']],
    [403, []],
    [200, []],
  ])('after a %d has the credential forget %j', async (status, expected) => {
    const credential = new Forgetting('up');
    const client = await clientOf(status, credential);
    await client.getCustomer('b', '1', '', request()).catch(() => undefined);
    expect(credential.forgotten).toEqual(expected);
  });
});
