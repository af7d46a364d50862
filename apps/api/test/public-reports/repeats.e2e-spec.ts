import { describe, expect, it } from '@jest/globals';
import { createPart, sendBatch, statusesOf } from '../batch-requests.ts';
import { BUSINESS, customersPath } from '../documented.ts';
import { REPEAT_SETTINGS, createUnkeyed } from '../repeats.ts';
import { createLines, send } from '../security/raw-client.ts';
import { useFreshStack } from '../stack.ts';
import { KEYS, REPEATS } from './repeats.ts';
import { titled } from './report.ts';

const stack = useFreshStack(REPEAT_SETTINGS);
const JSON_TYPE = { 'content-type': 'application/json' };

describe('a create that is repeated', () => {
  it.each(titled(REPEATS))('%s', async (_title, { faults, headers = {}, statuses, customers }) => {
    stack.fake.script(faults);
    expect((await createUnkeyed(stack)).status).toBeGreaterThanOrEqual(400);
    const repeats = [];
    for (let attempt = 1; attempt <= statuses.length; attempt += 1) {
      repeats.push(await createUnkeyed(stack, { headers, attempt: String(attempt) }));
    }
    const stored = stack.fake.customers(BUSINESS);
    expect([repeats.map(({ status }) => status), stored.length]).toEqual([statuses, customers]);
    for (const { status, body } of repeats) {
      if (status === 201) expect(body['id']).toBe(stored[0]?.id);
    }
  });
});

describe('a key', () => {
  it.each(titled(KEYS))('%s', async (_title, { headers, refused }) => {
    const fields = headers.map(([name, value]) => `${name}: ${value}`);
    const lines = await createLines(stack, customersPath(), ...fields, 'Connection: close');
    const response = await send(stack.url, ...lines);
    expect(response).toMatch(/^HTTP\/1\.1 400 /);
    expect(response).toContain(refused);
    // An object has a name once, unless its letter case differs. That makes the whole batch invalid.
    const named = headers.map(
      ([name, value], at) => [at > 0 ? name.toLowerCase() : name, value] as const,
    );
    const part = createPart('1', { headers: { ...JSON_TYPE, ...Object.fromEntries(named) } });
    const batch = await sendBatch(stack, [part]);
    expect([batch.status, ...statusesOf(batch)]).toContain(400);
    expect(stack.graphRequests).toBe(0);
  });
});
