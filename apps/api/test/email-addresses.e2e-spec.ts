import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isObject } from '@bookings/domain';
import fc from 'fast-check';
import { BODY_WAYS, detailsOf } from './body-ways.ts';
import { BUSINESS } from './documented.ts';
import { objectIn } from './json.ts';
import { EMAIL_SHAPES } from './email-shapes.ts';
import { OpenApiValues } from './openapi-values.ts';
import { ACCEPTED } from './public-reports/emails.ts';
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

/** Unicode category C, line breaks, and characters that show nothing. */
const invisible = fc.oneof(
  fc.constantFrom(
    ...['\0', '\x07', '\t', '\n', '\r', '\x7f', '\x85', '\x9f', '\u00ad', '\u061c', '\u200b'],
    ...['\u200d', '\u200f', '\u2028', '\u2029', '\u202e', '\u2060', '\u2066', '\ufeff', '\ue000'],
    ...['\u034f', '\u115f', '\u1160', '\u180b', '\u2800', '\u3164', '\ufe0f', '\uffa0'],
    ...[
      '\u{e0100}',
      '\u0378',
      '\ufdd0',
      '\uffff',
      '\u{e0001}',
      '\u{f0000}',
      '\u{10ffff}',
      '\u{1fffe}',
    ],
  ),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 1 })
    .filter((each) => /[\p{C}\p{DI}]/u.test(each)),
);
describe('an e-mail address with an invisible character', () => {
  it('is refused with the position of the character, and nothing is sent to Graph', async () => {
    const before = stack.graphRequests;
    await fc.assert(
      fc.asyncProperty(
        way,
        fc.constantFrom(...EMAIL_SHAPES),
        invisible,
        async (by, [start, end], character) => {
          const given = body(`${start}${character}${end}`);
          const response = await by.send(stack, given, id);
          const position = Array.from(start).length + 1;
          expect(response.status).toBe(400);
          expect(detailsOf(response)).toEqual([
            {
              target: 'emailAddress',
              message: `emailAddress has an invisible character at position ${position}, counted from 1 in Unicode code points; leave it out.`,
            },
          ]);
          // The schema has no selectors beyond U+FFFF: few languages could say them.
          if (!/[\u{e0100}-\u{e01ef}]/u.test(character)) {
            expect(values.misfit(SCHEMA, given)).toBeDefined();
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(stack.graphRequests).toBe(before);
  });
});

/** More are in `public-reports/emails.ts`. */
const REAL: readonly string[] = [
  'jonis@relecloud.com',
  "o'hara+bookings@example.co.uk",
  'n\u00f6ra.m\u00fcller@b\u00fccher.example',
  '\u7528\u6237@\u4f8b\u5b50.\u4e2d\u56fd',
  '\u0645\u062b\u0627\u0644@\u0645\u062b\u0627\u0644.\u0645\u0635\u0631',
  '\u0905\u0928\u0941@\u0909\u0926\u093e\u0939\u0930\u0923.\u092d\u093e\u0930\u0924',
  'nora@xn--mnchen-3ya.de',
  'nora@example.xn--p1ai',
  '"nora smith"@example.org',
  '"a@b"@example.org',
  '"  "@example.org',
  '"nora \\" smith"@example.org',
  "!#$%&'*+-/=?^_`{|}~@example.org",
  `${'a'.repeat(64)}@example.org`,
  'a@b.co',
  '1@2.museum',
  'nora@\u{1f600}.org',
];

const EVERY = [...REAL, ...ACCEPTED.map(([, address]) => address)];

describe('a real e-mail address', () => {
  it.each(REAL)('goes to Graph as it is: %s', async (address) => {
    for (const by of BODY_WAYS) {
      expect((await by.send(stack, body(address), id)).status).toBeLessThan(300);
      const stored = stack.fake.customers(BUSINESS).at(by.isUpdate ? 0 : -1);
      expect(stored?.emailAddress).toBe(address);
    }
    expect(values.misfit(SCHEMA, body(address))).toBeUndefined();
  });

  it('is not refused by clients that are generated from the schema', () => {
    for (const name of ['BookingCustomer', 'BookingCustomerChanges']) {
      const schema = values.resolved({ $ref: `#/components/schemas/${name}` });
      const { format, pattern } = objectIn(objectIn(schema, 'properties'), 'emailAddress');
      expect(format).toBeUndefined();
      // Some validators compile patterns without the flag u.
      for (const flags of ['u', '']) {
        const refused = EVERY.filter((each) => !new RegExp(String(pattern), flags).test(each));
        expect(refused).toEqual([]);
      }
    }
  });

  it('fits every pattern that the schemas forbid or require, with and without the flag u', () => {
    const { BookingCustomer, Phone, PhysicalAddress } = objectIn(
      objectIn(values.document, 'components'),
      'schemas',
    );
    for (const model of [BookingCustomer, Phone, PhysicalAddress]) {
      const properties = objectIn(isObject(model) ? model : {}, 'properties');
      for (const schema of Object.values(properties)) {
        const { pattern: forbidden } = objectIn(isObject(schema) ? schema : {}, 'not');
        for (const flags of forbidden === undefined ? [] : ['u', '']) {
          const matched = [...EVERY, 'Zo\u00eb \u{1f600}'].filter((each) =>
            new RegExp(String(forbidden), flags).test(each),
          );
          expect(matched).toEqual([]);
        }
      }
    }
  });
});
