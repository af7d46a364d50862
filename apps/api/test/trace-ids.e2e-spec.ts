import { beforeEach, describe, expect, it } from '@jest/globals';
import { createPart, sendBatch } from './batch-requests.ts';
import { createWithKey, newKey } from './idempotent-requests.ts';
import { jsonObject } from './json.ts';
import { OtlpCollector } from './otlp-collector.ts';
import { type Stack, useStack } from './stack.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const OTHER_ID = '1af7651916cd43dd8448eb211c80319c';
const traceparent = (traceId: string) => `00-${traceId}-b7ad6b7169203331-01`;

const untraced = useStack();
const collector = new OtlpCollector();
const traced = useStack(() => collector.start());
beforeEach(() => {
  for (const { auditLines } of [untraced, traced]) auditLines.length = 0;
});

const audited = ({ auditLines }: Stack) => auditLines.map((line) => jsonObject(line)['traceId']);
async function logged(stack: Stack, requestId: string | null): Promise<unknown> {
  return (await stack.lineOf(requestId))['trace.id'];
}

describe.each([
  ['without an endpoint', untraced],
  ['with an endpoint', traced],
])('the trace id %s', (_title, stack) => {
  it("is the caller's, in the log and in the audit", async () => {
    const { headers } = await stack.create({ headers: { traceparent: traceparent(TRACE_ID) } });
    expect(await logged(stack, headers.get('request-id'))).toBe(TRACE_ID);
    expect(audited(stack)).toEqual([TRACE_ID, TRACE_ID]);
  });

  it('is in the record of a replay', async () => {
    const key = newKey();
    await createWithKey(stack, key);
    stack.auditLines.length = 0;
    await stack.create({
      headers: { 'idempotency-key': key, traceparent: traceparent(TRACE_ID) },
      body: JSON.stringify({ displayName: 'Adele Vance', emailAddress: 'adelev@proseware.com' }),
    });
    expect(audited(stack)).toEqual([TRACE_ID]);
  });

  it('is that of the batch, in the audit of a part', async () => {
    await sendBatch(stack, [createPart('1')], { headers: { traceparent: traceparent(TRACE_ID) } });
    expect(audited(stack)).toEqual([TRACE_ID, TRACE_ID]);
  });
});

it('of a request without a trace is absent without an endpoint, and new with one', async () => {
  const requests = [untraced, traced].map(async (stack) => {
    const { headers } = await stack.create({ headers: { traceparent: 'x' } });
    return [await logged(stack, headers.get('request-id')), ...audited(stack)];
  });
  const [without, withOne] = await Promise.all(requests);
  expect(without).toEqual([undefined, undefined, undefined]);
  expect(withOne).toEqual(Array(3).fill(expect.stringMatching(/^[0-9a-f]{32}$/)));
});

it("of a part with a traceparent of its own is the part's without an endpoint, and the batch's with one", async () => {
  const own = createPart('1', {
    headers: { 'content-type': 'application/json', traceparent: traceparent(OTHER_ID) },
  });
  for (const stack of [untraced, traced]) {
    await sendBatch(stack, [own], { headers: { traceparent: traceparent(TRACE_ID) } });
  }
  expect(audited(untraced)).toEqual([OTHER_ID, OTHER_ID]);
  expect(audited(traced)).toEqual([TRACE_ID, TRACE_ID]);
});
