import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BookingCustomer, BookingCustomerChanges } from '../model/booking-customer.ts';
import { passesCompiledCheck } from './compiled-check.ts';
import { DOCUMENTED_CUSTOMER } from '../model/documented-customer.ts';
import { validate } from './validate.ts';
import { PHONE_TYPES } from '../model/phone.ts';
import { PHYSICAL_ADDRESS_TYPES } from '../model/physical-address.ts';

/** Characters that some texts must not have. */
const character = fc.constantFrom(
  ...[
    '\ud83d',
    '\udc00',
    '\0',
    '\n',
    '\x85',
    '\u200b',
    '\u202e',
    '\u2028',
    '\ufeff',
    '\u0378',
    '\u3164',
    '\u3000',
    '\u00a0',
    '\ufffd',
    ' ',
  ],
);
const text = fc.oneof(
  { weight: 12, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: character, maxLength: 2 }) },
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ minLength: 250, maxLength: 260 }),
  fc.constantFrom(
    '',
    ' ',
    '\u200b',
    '\ufe0f'.repeat(300),
    '\u{1f600}'.repeat(256),
    'x'.repeat(33),
    'x'.repeat(65),
  ),
);
const email = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('jonis@relecloud.com', 'a.b+c@example.co.uk') },
  fc.emailAddress(),
  fc.constantFrom(
    'a@b.c',
    'a@b',
    'a@[127.0.0.1]',
    '"a b"@example.com',
    '\u00fc@example.com',
    'A <a@example.com>',
    'a@example.com ',
    'a b@example.com',
    '"a\u3000b"@example.com',
    '"@example.com',
    'adele_contoso.com#EXT#@fabrikam.onmicrosoft.com',
    'no\u0308ra@b\u00fccher.de',
  ),
  fc
    .tuple(
      fc.constantFrom('', 'a', '"a', 'a@b'),
      character,
      fc.constantFrom('@b.org', '"@b.org', '.org'),
    )
    .map((parts) => parts.join('')),
  text,
);
const otherValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(null),
  fc.constantFrom('\ud83d', { a: ['\udc00'] }, [{ '\ud83d': 1 }]),
);
const name = fc.constantFrom(
  'id',
  'noSuchProperty',
  '@odata.etag',
  '@odata.type',
  'type@odata.type',
  '@odata.\ud83d',
  'a@b@odata.c',
  '@other',
  '__proto__x',
  'constructor',
  'prototype',
  'toString',
  'createdDateTime',
  'displayname',
);

/** Mostly `good`, sometimes another value or null. */
const mostly = (good: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 20, arbitrary: good },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: otherValue },
  );

const item = (members: readonly string[], texts: readonly string[]) =>
  fc
    .tuple(
      fc.record(
        {
          ...Object.fromEntries(texts.map((each) => [each, mostly(text)])),
          type: mostly(fc.constantFrom(...members)),
        },
        { requiredKeys: [] },
      ),
      fc.oneof(
        { weight: 9, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.dictionary(name, otherValue) },
      ),
    )
    .map(([known, other]) => ({ ...known, ...other }));

const address = item(PHYSICAL_ADDRESS_TYPES, [
  'street',
  'city',
  'state',
  'countryOrRegion',
  'postalCode',
  'postOfficeBox',
]);
const phone = item(PHONE_TYPES, ['number', 'language', 'region']);
const collection = (of: fc.Arbitrary<unknown>, max: number) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.array(mostly(of), { maxLength: 3 }) },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: max - 1, max: max + 1 })
        .map((length) => Array.from({ length }, () => ({}))),
    },
  );

const body = fc
  .tuple(
    fc.record(
      {
        '@odata.type': mostly(
          fc.constantFrom('#microsoft.graph.bookingCustomer', 'microsoft.graph.bookingCustomer'),
        ),
        displayName: fc.oneof(
          { weight: 5, arbitrary: fc.constant('Joni Sherman') },
          { weight: 2, arbitrary: mostly(text) },
        ),
        emailAddress: mostly(email),
        addresses: mostly(collection(address, 20)),
        phones: mostly(collection(phone, 30)),
      },
      { requiredKeys: [] },
    ),
    fc.oneof(
      { weight: 9, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: fc.dictionary(name, otherValue) },
    ),
  )
  .map(([known, other]): unknown => JSON.parse(JSON.stringify({ ...known, ...other })));

describe.each([
  ['a create', BookingCustomer],
  ['an update', BookingCustomerChanges],
])('the compiled check of %s', (_title, model) => {
  it('never accepts what the decorators refuse', () => {
    const counts = { acceptedByBoth: 0, refusedByBoth: 0, refusedOnlyByCheck: 0 };
    fc.assert(
      fc.property(body, (input) => {
        const fast = passesCompiledCheck(model, input);
        const accepted = validate(model, input).count === 0;
        if (fast) expect(accepted).toBe(true);
        counts[accepted ? (fast ? 'acceptedByBoth' : 'refusedOnlyByCheck') : 'refusedByBoth'] += 1;
      }),
      { numRuns: 4000 },
    );
    // Both results must occur often, or the property proves nothing.
    expect(counts.acceptedByBoth).toBeGreaterThan(400);
    expect(counts.refusedByBoth).toBeGreaterThan(400);
    expect(counts.refusedOnlyByCheck).toBe(0);
  });

  it('accepts the documented example', () => {
    expect(passesCompiledCheck(model, DOCUMENTED_CUSTOMER)).toBe(true);
  });
});
