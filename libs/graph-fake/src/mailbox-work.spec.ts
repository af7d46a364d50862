import { once } from 'node:events';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from '@jest/globals';
import { create, customersPath, minimal, send } from './client.fixture.ts';
import { documented } from './documented-example.fixture.ts';
import type { Fault } from './faults.ts';
import { GraphFake, type GraphFakeOptions } from './index.ts';

const mailbox = documented.business.toLowerCase();
/** Longer than any test. */
const ENDLESS_MS = 3_600_000;

let fake: GraphFake;
afterEach(() => fake.close());

/** Sends a create whose client leaves after it has arrived. Resolves when the fake has noticed. */
async function abandon(path = customersPath()): Promise<void> {
  const arrived = fake.requests().requests.length + 1;
  const client = new AbortController();
  const gone = create(fake, minimal, { path, signal: client.signal });
  await fake.arrived(arrived);
  client.abort();
  await expect(gone).rejects.toThrow();
}

async function started(options: GraphFakeOptions, faults: readonly Fault[] = []): Promise<void> {
  fake = await GraphFake.start(options);
  fake.script(faults);
}

describe('the work at a mailbox', () => {
  it('goes on when the client has left', async () => {
    await started({ workMs: ENDLESS_MS });
    for (let count = 0; count < 4; count += 1) await abandon();
    // The connections are closed one after another, so their peak may be lower.
    expect(fake.requests().peakOfWorkByMailbox).toEqual({ [mailbox]: 4 });
    expect((await create(fake)).status).toBe(429);
    expect(fake.requests().peakOfWorkByMailbox).toEqual({ [mailbox]: 5 });
  });

  it.each<[string, Fault]>([
    ['silent', { kind: 'silence', when: 'before-stored' }],
    ['reset', { kind: 'reset', when: 'before-stored' }],
    ['delayed', { kind: 'delay', delayMs: ENDLESS_MS }],
  ])('goes on for a %s request without a client', async (_title, fault) => {
    await started({ workMs: fault.kind === 'delay' ? 0 : ENDLESS_MS, limitPerMailbox: 1 }, [fault]);
    if (fault.kind === 'reset') await expect(create(fake)).rejects.toThrow();
    else await abandon();
    expect((await create(fake)).status).toBe(429);
  });

  it('ends after the work time, before the response is sent', async () => {
    await started({ workMs: 100, limitPerMailbox: 1 });
    for (let count = 0; count < 3; count += 1) {
      const beganMs = performance.now();
      expect((await create(fake)).status).toBe(201);
      // A timer of Node can be a millisecond early.
      expect(performance.now() - beganMs).toBeGreaterThan(98);
    }
    expect(fake.requests().peakOfWorkByMailbox).toEqual({ [mailbox]: 1 });
  });

  it('is stored although the client has left', async () => {
    await started({ workMs: 50 });
    await abandon();
    const stored = () => fake.customers(documented.business).length;
    while (stored() === 0) await new Promise(setImmediate);
    expect(stored()).toBe(1);
  });

  it('takes no time for a request that is refused', async () => {
    await started({ workMs: ENDLESS_MS }, [{ kind: 'status', status: 503 }]);
    expect((await create(fake)).status).toBe(503);
    expect((await send(fake, minimal, {})).status).toBe(401);
    expect((await create(fake, '{}')).status).toBe(400);
    expect((await create(fake, minimal, { path: customersPath('no@contoso.com') })).status).toBe(
      404,
    );
    expect(fake.requests().peakOfWorkByMailbox[mailbox]).toBe(1);
  });

  it('is counted for each mailbox, and the highest peak outlives `forget`', async () => {
    await started({ workMs: ENDLESS_MS });
    await abandon();
    await abandon();
    await abandon(customersPath('Contosolunchdelivery@contoso.com'));
    expect(fake.peakOfWork).toBe(2);
    fake.forget();
    expect(fake.requests().peakOfWorkByMailbox).toMatchObject({ [mailbox]: 2 });
    expect(fake.peakOfWork).toBe(2);
  });

  it('ends when the client leaves before the end of its body', async () => {
    await started({ workMs: ENDLESS_MS, limitPerMailbox: 1 });
    const socket = connect(Number(new URL(fake.url).port), '127.0.0.1');
    socket.write(`POST /v1.0${customersPath()} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{`);
    while (fake.requests().requests.length === 0) await new Promise(setImmediate);
    socket.destroy();
    await once(socket, 'close');
    await fake.arrived(1);
    const client = new AbortController();
    const answer = create(fake, minimal, { signal: client.signal });
    await fake.arrived(2);
    expect(fake.requests().peakOfWorkByMailbox).toEqual({ [mailbox]: 1 });
    client.abort();
    await expect(answer).rejects.toThrow();
  });
});
