import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { create, minimal } from './client.fixture.ts';
import { documented } from './documented-example.fixture.ts';
import type { Fault } from './faults.ts';
import { GraphFake } from './graph-fake.ts';

describe('a fake', () => {
  it('listens on a free port of the loopback address by default', async () => {
    const [one, two] = await Promise.all([GraphFake.start(), GraphFake.start()]);
    expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(one.url).not.toBe(two.url);
    expect(one.graphUrl).toBe(`${one.url}/v1.0`);
    await Promise.all([one.close(), two.close()]);
  });

  it('listens on an IPv6 address', async () => {
    const fake = await GraphFake.start({ host: '::1' });
    try {
      expect(fake.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
      expect((await create(fake)).status).toBe(201);
    } finally {
      await fake.close();
    }
  });

  it('rejects if its port is taken or there is no client', async () => {
    const fake = await GraphFake.start();
    const port = Number(new URL(fake.url).port);
    await expect(GraphFake.start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(GraphFake.start({ clients: [] })).rejects.toThrow(TypeError);
    await fake.close();
  });

  it.each<Fault>([
    { kind: 'silence', when: 'before-stored' },
    { kind: 'silence', when: 'after-stored' },
    { kind: 'delay', delayMs: 600_000 },
    { kind: 'drip', intervalMs: 600_000 },
    { kind: 'endless' },
  ])('stops at once while it answers with $kind', async (fault) => {
    const fake = await GraphFake.start();
    fake.script([fault]);
    const body = create(fake).then((response) => response.text());
    const failed = expect(body).rejects.toThrow();
    await fake.arrived(1);
    await fake.close();
    await failed;
    await fake.close();
    await expect(create(fake)).rejects.toThrow('fetch failed');
  });

  it('abandons pending responses when it stops', async () => {
    const fake = await GraphFake.start({ workMs: 600_000 });
    const failed = expect(create(fake)).rejects.toThrow('fetch failed');
    await fake.arrived(1);
    await fake.close();
    await failed;
  });

  it('does not handle a delayed request after it has stopped', async () => {
    const fake = await GraphFake.start();
    fake.script([{ kind: 'delay', delayMs: 20 }]);
    const failed = expect(create(fake)).rejects.toThrow('fetch failed');
    await fake.arrived(1);
    await fake.close();
    await failed;
    // No event shows that nothing happens, so the delay must pass.
    await setTimeout(60);
    expect(fake.customers(documented.business)).toEqual([]);
  });

  it('refuses an invalid fault script', async () => {
    const fake = await GraphFake.start();
    expect(() => {
      fake.script([{ kind: 'delay', delayMs: -1 }]);
    }).toThrow('faults[0].delayMs');
    await fake.close();
  });

  it('resolves when a number of requests has arrived since forget', async () => {
    const fake = await GraphFake.start();
    try {
      await create(fake);
      await fake.arrived(1);
      fake.forget();
      let resolved = false;
      const arrived = fake.arrived(2).then(() => {
        resolved = true;
      });
      await create(fake);
      expect(resolved).toBe(false);
      await create(fake);
      await arrived;
      expect(fake.requests().requests).toHaveLength(2);
    } finally {
      await fake.close();
    }
  });

  it('returns copies of its records', async () => {
    const fake = await GraphFake.start();
    try {
      const before = fake.requests();
      const none = fake.customers(documented.business);
      await create(fake, minimal);
      expect(before.requests).toEqual([]);
      expect(none).toEqual([]);
      expect(fake.customers('missing@contoso.com')).toEqual([]);
    } finally {
      await fake.close();
    }
  });
});
