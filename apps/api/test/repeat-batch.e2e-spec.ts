import { describe, expect, it } from '@jest/globals';
import { createPart, sendBatch, statusesOf } from './batch-requests.ts';
import { BUSINESS } from './documented.ts';
import { graphError } from './faults.ts';
import { REPEAT_SETTINGS } from './repeats.ts';
import { useFreshStack } from './stack.ts';

const MUCH_TIME = { GRAPH_ATTEMPT_TIMEOUT_MS: '10000', GRAPH_DEADLINE_MS: '20000' };

const stack = useFreshStack({ ...REPEAT_SETTINGS, ...MUCH_TIME });
const customers = () => stack.fake.customers(BUSINESS);
const LOST = {
  kind: 'answer-after-stored',
  status: 503,
  body: graphError('ServiceUnavailable'),
} as const;
const parts = (headers: object = {}) => [
  createPart('1', { headers: { 'Content-Type': 'application/json', ...headers } }),
  createPart('2', { body: { displayName: 'Isaiah Langer' } }),
];
const repeat = (value: string) => ({ headers: { 'retry-attempt': value } });

describe('Retry-Attempt of a batch', () => {
  it('holds for each of its creates', async () => {
    stack.fake.script([{ ...LOST, times: 2 }]);
    expect(statusesOf(await sendBatch(stack, parts()))).toEqual([503, 503]);
    expect(statusesOf(await sendBatch(stack, parts(), repeat('1')))).toEqual([201, 201]);
    expect(customers()).toHaveLength(2);
    expect(stack.graphMethods.filter((method) => method === 'POST')).toHaveLength(2);
  });

  it('holds for a part that says 0', async () => {
    await sendBatch(stack, parts({ 'Retry-Attempt': '0' }), repeat('1'));
    expect(stack.graphMethods[0]).toBe('GET');
  });

  it('of 0 leaves the repeat of one part as it is', async () => {
    stack.fake.script([LOST]);
    await sendBatch(stack, parts().slice(0, 1));
    const again = parts({ 'Retry-Attempt': '1' });
    expect(statusesOf(await sendBatch(stack, again, repeat('0')))).toEqual([201, 201]);
    expect(customers()).toHaveLength(2);
  });

  it('finds what was lost when the caller sends no client-request-id', async () => {
    stack.fake.script([LOST]);
    const part = parts().slice(0, 1);
    await sendBatch(stack, part);
    await sendBatch(stack, part, repeat('1'));
    const { body } = await sendBatch(stack, part, repeat('2'));
    expect(body['responses']).toMatchObject([
      { status: 201, headers: { 'Idempotent-Replayed': 'true' } },
    ]);
    expect(customers()).toHaveLength(1);
  });

  it('leaves a record when the client of the batch leaves', async () => {
    stack.fake.script([{ kind: 'delay', delayMs: 4000 }]);
    const caller = new AbortController();
    const part = parts().slice(0, 1);
    const left = sendBatch(stack, part, { signal: caller.signal });
    await stack.fake.arrived(1);
    caller.abort();
    await expect(left).rejects.toThrow();
    expect(statusesOf(await sendBatch(stack, part, repeat('1')))).toEqual([409]);
    await stack.app.whenIdle();
    expect(statusesOf(await sendBatch(stack, part, repeat('2')))).toEqual([201]);
    expect(customers()).toHaveLength(1);
  });
});
