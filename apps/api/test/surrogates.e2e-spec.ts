import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BODY_WAYS, detailsOf, targetsOf } from './body-ways.ts';
import { createPart, getPart, partsOf, sendBatch } from './batch-requests.ts';
import { useStack } from './stack.ts';
import { TEXT_MEMBERS, around } from './text-members.ts';

const stack = useStack();
let id: string;
beforeEach(async () => {
  id = String((await stack.create()).body['id']);
});

const loneSurrogate = fc
  .integer({ min: 0xd800, max: 0xdfff })
  .map((code) => String.fromCharCode(code));
const place = fc.constantFrom(...TEXT_MEMBERS);
const way = fc.constantFrom(...BODY_WAYS);

describe('an unpaired surrogate', () => {
  it('is refused with its path in every text of a body, and nothing is sent to Graph', async () => {
    const before = stack.graphRequests;
    await fc.assert(
      fc.asyncProperty(
        way,
        place,
        around,
        loneSurrogate,
        around,
        async (by, [path, body], start, surrogate, end) => {
          const response = await by.send(stack, body(`${start}${surrogate}${end}`), id);
          expect([response.status, targetsOf(response)]).toEqual([400, [path]]);
          const [detail] = detailsOf(response);
          const position = Array.from(start).length + 1;
          if (path !== 'emailAddress') {
            expect(detail?.message).toContain(`an unpaired surrogate at position ${position},`);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(stack.graphRequests).toBe(before);
  });

  it.each(BODY_WAYS)('is refused in names and in control information: $title', async (by) => {
    const name = 'displayName';
    for (const [body, target] of [
      [{ [name]: 'x', '@odata.a\ud83d': 1 }, '@odata.a?'],
      [{ [name]: 'x', '\udc00@odata.type': 1 }, '?@odata.type'],
      [{ [name]: 'x', 'note\ud83d': 1 }, 'note?'],
      [{ [name]: 'x', '@odata.context': 'a\ud83d' }, '@odata.context'],
      [{ [name]: 'x', '@odata.x': [{ a: { 'b\ud83d': 1 } }] }, '@odata.x'],
      [{ [name]: 'x', phones: [{ 'type@odata.type': '\udfff' }] }, 'phones[0].type@odata.type'],
      [{ [name]: 'x', phones: [{ type: 'home\ud83d' }] }, 'phones[0].type'],
      [{ [name]: 'x', '@odata.type': '\ud83d' }, '@odata.type'],
    ] as const) {
      const response = await by.send(stack, body, id);
      expect([response.status, targetsOf(response)]).toEqual([400, [target]]);
    }
  });

  it('is not in an error about a long name that has a pair where it is cut', async () => {
    const response = await stack.create({
      body: JSON.stringify({ displayName: 'x', [`${'n'.repeat(63)}\u{1f600}more`]: 1 }),
    });
    expect(targetsOf(response)[0]?.isWellFormed()).toBe(true);
  });

  it('is refused in the id of a part of a batch', async () => {
    const response = await sendBatch(stack, [getPart('a\ud83d')]);
    expect([response.status, targetsOf(response), partsOf(response)]).toEqual([
      400,
      ['requests[0]'],
      [],
    ]);
  });

  it.each([
    [[getPart('1', undefined, { '@odata.x': '\ud83d' })]],
    [[getPart('1', undefined, { '\udc00@odata.x': 1 })]],
    [[getPart('1', undefined, { 'x\ud83d': null })]],
    [[getPart('1', undefined, { body: { a: ['\ud83d'] } })]],
    [[createPart('1', { headers: { 'x\ud83d': null } })]],
    [[createPart('1', { headers: { '@odata.x': ['\ud83d'] } })]],
  ])('is refused in what does not count in a batch: %j', async (requests) => {
    const before = stack.graphRequests;
    const response = await sendBatch(stack, requests);
    expect([response.status, targetsOf(response)]).toEqual([400, ['requests[0]']]);
    const body = JSON.stringify({ requests: [getPart('1')], '@odata.x': 'a\ud83d' });
    const whole = await stack.request('POST', '/v1.0/$batch', { body });
    expect([whole.status, targetsOf(whole)]).toEqual([400, ['requests']]);
    expect(stack.graphRequests).toBe(before);
  });
});
