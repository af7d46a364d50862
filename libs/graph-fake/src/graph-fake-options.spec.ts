import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from '@jest/globals';
import { create, customersPath, objectIn, send } from './client.fixture.ts';
import { GraphFake, type GraphFakeOptions } from './index.ts';

let fake: GraphFake;
afterEach(() => fake.close());

async function started(options: GraphFakeOptions): Promise<string> {
  fake = await GraphFake.start(options);
  return String((await objectIn(await create(fake)))['id']);
}

const get = async (path: string): Promise<Response> =>
  send(fake, '', { method: 'GET', path, token: await fake.issueGraphToken() });
const listed = async (): Promise<unknown> => (await objectIn(await get(customersPath())))['value'];

describe('a customer that lists do not have yet', () => {
  it('is in no list and no count, and there by its id', async () => {
    const id = await started({ listDelayMs: 60_000 });
    expect(await listed()).toEqual([]);
    expect(await (await get(`${customersPath()}/$count`)).text()).toBe('0');
    expect((await get(`${customersPath()}/${id}`)).status).toBe(200);
  });

  it('is listed once the delay is over', async () => {
    const beganMs = performance.now();
    const id = await started({ listDelayMs: 100 });
    let value = await listed();
    while (Array.isArray(value) && value.length === 0) value = await listed();
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(100);
    expect(value).toMatchObject([{ id }]);
  });
});

describe('a fault for each method', () => {
  it('spoils what arrives when no script is under way', async () => {
    fake = await GraphFake.start({
      faultFor: (method) =>
        method === 'POST' ? { kind: 'status', status: 500 } : { kind: 'pass' },
    });
    fake.script([{ kind: 'status', status: 503 }]);
    expect((await create(fake)).status).toBe(503);
    expect((await create(fake)).status).toBe(500);
    expect((await get(customersPath())).status).toBe(200);
  });
});

describe('a journal that keeps nothing', () => {
  it('has no requests, and counts those who arrive', async () => {
    fake = await GraphFake.start({ keepsJournal: false });
    await create(fake);
    await fake.arrived(1);
    expect(fake.requests().requests).toEqual([]);
  });
});
