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

describe('a customer with a list delay', () => {
  it('is in no list and no count, but is found by its id', async () => {
    const id = await started({ listDelayMs: 60_000 });
    expect(await listed()).toEqual([]);
    expect(await (await get(`${customersPath()}/$count`)).text()).toBe('0');
    expect((await get(`${customersPath()}/${id}`)).status).toBe(200);
  });

  it('is listed after the delay', async () => {
    const beganMs = performance.now();
    const id = await started({ listDelayMs: 100 });
    let value = await listed();
    while (Array.isArray(value) && value.length === 0) value = await listed();
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(100);
    expect(value).toMatchObject([{ id }]);
  });
});

describe('faultFor', () => {
  it('applies to requests that arrive without a script', async () => {
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

describe('a disabled journal', () => {
  it('has no requests but counts them', async () => {
    fake = await GraphFake.start({ keepsJournal: false });
    await create(fake);
    await fake.arrived(1);
    expect(fake.requests().requests).toEqual([]);
  });
});
