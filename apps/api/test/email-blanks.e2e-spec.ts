import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BODY_WAYS, detailsOf } from './body-ways.ts';
import { EMAIL_SHAPES } from './email-shapes.ts';
import { OpenApiValues } from './openapi-values.ts';
import { useStack } from './stack.ts';

const stack = useStack();
let id: string;
let values: OpenApiValues;
const SCHEMA = { $ref: '#/components/schemas/BookingCustomer' };
beforeAll(async () => {
  values = new OpenApiValues((await stack.get('/openapi.json')).body);
});
beforeEach(async () => {
  id = String((await stack.create()).body['id']);
});

const body = (emailAddress: string) => ({ displayName: 'x', emailAddress });
const way = fc.constantFrom(...BODY_WAYS);

describe('an e-mail address with a blank at its start or end', () => {
  it.each(
    [' ', '   ', '\u00a0', '\u2003', '\u3000'].flatMap((blank) => [
      [`${blank}nora@example.org`],
      [`nora@example.org${blank}`],
      [`${blank}nora@example.org${blank}`],
    ]),
  )('is refused in words that say so: %j', async (address) => {
    for (const by of BODY_WAYS) {
      const response = await by.send(stack, body(address), id);
      expect(response.status).toBe(400);
      expect(detailsOf(response)).toEqual([
        {
          target: 'emailAddress',
          message: 'emailAddress begins or ends with a blank; leave it out.',
        },
      ]);
    }
    expect(values.misfit(SCHEMA, body(address))).toBeDefined();
  });
});

/** Category Zs without the space, and the space. */
const OTHER_BLANKS = [
  ...['\u00a0', '\u1680', '\u2000', '\u2003', '\u2009', '\u200a', '\u202f', '\u205f', '\u3000'],
];
const blank = fc.oneof(
  { weight: 1, arbitrary: fc.constant(' ') },
  { weight: 3, arbitrary: fc.constantFrom(...OTHER_BLANKS) },
);

describe('an e-mail address with a blank within', () => {
  it('is refused with the position unless it is a space within quotes', async () => {
    const before = stack.graphRequests;
    const shapes = EMAIL_SHAPES.filter(([start, end]) => start !== '' && end !== '');
    await fc.assert(
      fc.asyncProperty(way, fc.constantFrom(...shapes), blank, async (by, [start, end], given) => {
        fc.pre(!(given === ' ' && start.startsWith('"')));
        const address = `${start}${given}${end}`;
        const response = await by.send(stack, body(address), id);
        // A space within quotes comes first in no shape.
        const position = Array.from(start).length + 1;
        expect(response.status).toBe(400);
        expect(detailsOf(response)).toEqual([
          {
            target: 'emailAddress',
            message: `emailAddress has a blank at position ${position}, counted from 1 in Unicode code points; leave it out.`,
          },
        ]);
        expect(values.misfit(SCHEMA, body(address))).toBeDefined();
      }),
      { numRuns: 200 },
    );
    expect(stack.graphRequests).toBe(before);
  });

  it.each([
    ['"nora smith"@exa mple.org', 17],
    ['"nora smith@example.org', 6],
    ['nora smith"@example.org', 5],
    ['Nora <nora@example.org>', 5],
    ['"nora\u3000smith"@example.org', 6],
    ['" nora\u00a0"@example.org', 7],
  ])('is refused where the quotes do not hold it: %j', async (address, position) => {
    const response = await stack.create({ body: JSON.stringify(body(address)) });
    expect(detailsOf(response)[0]?.message).toContain(`a blank at position ${position},`);
    expect(values.misfit(SCHEMA, body(address))).toBeDefined();
  });
});

describe('an e-mail address that no mail can reach', () => {
  it.each(['nora@exam\ufffdple.org', 'no\ufffdra@example.org', 'nora@\ufffc.org', '"@example.org'])(
    'is refused: %j',
    async (address) => {
      for (const by of BODY_WAYS) {
        const response = await by.send(stack, body(address), id);
        expect([response.status, detailsOf(response).length]).toEqual([400, 1]);
      }
      expect(values.misfit(SCHEMA, body(address))).toBeDefined();
    },
  );
});
