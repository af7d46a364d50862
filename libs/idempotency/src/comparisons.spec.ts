import { expect, it } from '@jest/globals';
import { BookingCustomer } from '@bookings/domain';
import { comparisonsOf, RecordedComparisons } from './comparisons.ts';
import { comparedTexts, matchCustomer } from './customer-match.ts';
import { StoreSecret } from './store-secret.ts';

const secret = new StoreSecret('the data key of the tests');
const BUSINESS = 'Contosolunchdelivery@contoso.onmicrosoft.com';
const record = { key: 'key', fingerprint: 'lunch' };

const customerOf = (properties: Partial<BookingCustomer>) =>
  Object.assign(new BookingCustomer(), properties);
const joni = customerOf({
  displayName: 'Joni Sherman',
  emailAddress: 'jonis@relecloud.com',
  addresses: [
    { street: '4567 Main Street', city: 'Buffalo', state: 'NY', postalCode: '98052', type: 'home' },
  ],
  phones: [{ number: '206-555-0100', type: 'home' }],
});
/** As a list has it. */
const listed: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(joni));
const nameless = customerOf({ displayName: 'jonis@relecloud.com', emailAddress: null });

const recorded = (sent: BookingCustomer, create = record) =>
  RecordedComparisons.of(
    { ...create, comparisons: comparisonsOf(record, BUSINESS, sent, secret) },
    secret,
  );

const LISTED = [
  listed,
  { ...listed, displayName: 'JoniS@Relecloud.com' },
  { ...listed, emailAddress: 'JONIS@relecloud.com', addresses: [...(joni.addresses ?? []), {}] },
  { ...listed, displayName: 'joni sherman' },
  { ...listed, displayName: 'Adele' },
  { ...listed, phones: [] },
  { ...listed, emailAddress: null },
  { displayName: 'Adele', emailAddress: 'adele@contoso.com' },
  { displayName: 'jonis@relecloud.com' },
  { displayName: 'jonis@relecloud.com', emailAddress: 'jonis@relecloud.com' },
  { displayName: 'JONIS@relecloud.com', emailAddress: '' },
  { displayName: 'Joni Sherman', phones: [] },
  {},
];

it.each([joni, nameless, customerOf({ displayName: 'Joni Sherman' })])(
  'tells by digests what the body tells, %#',
  (sent) => {
    const matches = LISTED.map((each) => matchCustomer(sent, each));
    expect(LISTED.map((each) => recorded(sent)?.match(BUSINESS, each))).toEqual(matches);
    expect(new Set(matches)).toEqual(new Set(['full', 'partial', 'none']));
  },
);

it('knows its business in any case, and no other', () => {
  expect(recorded(joni)?.isOf(BUSINESS.toUpperCase())).toBe(true);
  expect(recorded(joni)?.isOf('fabrikam@contoso.onmicrosoft.com')).toBe(false);
  expect(recorded(joni)?.match('fabrikam@contoso.onmicrosoft.com', listed)).toBe('none');
});

it.each([
  ['another key', { ...record, key: 'other' }],
  ['another body under the key', { ...record, fingerprint: 'dinner' }],
])('says nothing of %s', (_title, create) => {
  expect(recorded(joni, create)?.isOf(BUSINESS)).toBe(false);
  expect(recorded(joni, create)?.match(BUSINESS, listed)).toBe('none');
});

it('gives two records of one customer no digest in common', () => {
  const digests = (key: string) =>
    comparisonsOf({ ...record, key }, BUSINESS, joni, secret)
      .split('.')
      .slice(1);
  const [one, other] = [digests('one'), digests('other')];
  expect(new Set([...one, ...other]).size).toBe(8);
});

it.each([undefined, '', '1', '1.a.b', '2.a.b.c.d', 'text'])(
  'compares with nothing when a record has %j',
  (comparisons) => {
    expect(RecordedComparisons.of({ ...record, comparisons }, secret)).toBeUndefined();
  },
);

// Digests of other texts would count as a difference. Raise VERSION when this test has to change.
it('keeps the compared texts of version 1', () => {
  const address = '["","","4567 Main Street","Buffalo","NY","","98052"]';
  const phone = '["206-555-0100","home","",""]';
  const values = ['jonis@relecloud.com', address, phone];
  expect(comparedTexts(joni)).toEqual({
    all: JSON.stringify(['all', '', 'Joni Sherman', ...values]),
    emailAsName: JSON.stringify(['e-mail as name', '', 'jonis@relecloud.com', ...values]),
    part: JSON.stringify(['e-mail', 'jonis@relecloud.com']),
  });
  expect(comparedTexts(nameless)).toMatchObject({
    emailAsName: undefined,
    part: JSON.stringify(['name', 'jonis@relecloud.com']),
  });
  expect(comparisonsOf(record, BUSINESS, joni, secret)).toMatch(/^1\./);
});
