import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BUSINESS } from './documented.ts';
import { resetBefore } from './faults.ts';
import { createWithKey, newKey, useReconcilingStack } from './idempotent-requests.ts';
import { jsonObject } from './json.ts';

const stack = useReconcilingStack();

/** Letters that have several normal forms. */
const TEXTS = [
  'Zo\u00eb M\u00fcller',
  'A\u030angstro\u0308m',
  '\uac15\ub098\uc740',
  '\u212b\u2126\u1e9b\u0323',
  'q\u0323\u0307',
];
const FORMS = ['NFC', 'NFD'] as const;
const PAIRS = TEXTS.flatMap((text) =>
  FORMS.map((form) => [text, form, text.normalize(form)] as const),
);
const soon = () => new Date(Date.now() + 1000).toISOString();

describe('a create with a key whose answer was lost', () => {
  it.each(PAIRS)('is found when Graph stores %s in %s', async (text, form, kept) => {
    const customer = {
      displayName: text,
      addresses: [{ street: text, city: text, state: text, countryOrRegion: text }],
      phones: [{ number: text, type: 'home' }],
    };
    const stored = jsonObject(JSON.stringify(customer).normalize(form));
    stack.fake.add(BUSINESS, { ...stored, displayName: kept }, soon());
    stack.fake.script([resetBefore()]);
    const response = await createWithKey(stack, newKey(), customer);
    expect([response.status, response.body['displayName']]).toEqual([201, kept]);
    expect(response.headers.get('bookings-warning')).toBeNull();
    // Neither a second create nor a repair of the name.
    expect(stack.graphMethods).toEqual(['POST', 'GET']);
    expect(stack.fake.customers(BUSINESS)).toHaveLength(1);
  });

  it('is found by an e-mail address in another normal form, and by such an address as its name', async () => {
    const emailAddress = 'no\u0308ra@mu\u0308nchen.de';
    const kept = emailAddress.normalize('NFC').toUpperCase();
    for (const displayName of ['Nora', kept]) {
      stack.fake.forget();
      stack.fake.add(BUSINESS, { displayName, emailAddress: kept }, soon());
      stack.fake.script([resetBefore()]);
      const response = await createWithKey(stack, newKey(), { displayName: 'Nora', emailAddress });
      expect(response.status).toBe(201);
      expect(stack.fake.customers(BUSINESS)).toHaveLength(1);
    }
  });

  it('is not found by another name', async () => {
    stack.fake.add(BUSINESS, { displayName: 'Zoe' }, soon());
    stack.fake.script([resetBefore()]);
    await createWithKey(stack, newKey(), { displayName: 'Zo\u00eb' });
    expect(stack.fake.customers(BUSINESS)).toHaveLength(2);
  });

  it('replays its answer to a body in another normal form', async () => {
    const key = newKey();
    const first = await createWithKey(stack, key, { displayName: 'Zo\u00eb' });
    const again = await createWithKey(stack, key, { displayName: 'Zoe\u0308' });
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
  });
});

describe('a display name that Graph stores in another normal form', () => {
  it.each(PAIRS)('is not repaired: %s in %s', async (text, _form, kept) => {
    for (const headers of [{}, { 'idempotency-key': newKey() }]) {
      stack.fake.forget();
      // No two keys may have one customer.
      const body = { id: crypto.randomUUID(), displayName: kept };
      stack.fake.script([{ kind: 'status', status: 201, body }]);
      const response = await stack.create({ headers, body: JSON.stringify({ displayName: text }) });
      expect([response.status, response.body['displayName']]).toEqual([201, kept]);
      expect(response.headers.get('bookings-warning')).toBeNull();
      expect(stack.graphMethods).toEqual(['POST']);
    }
  });

  it('counts as repaired when the repair is stored so', async () => {
    stack.fake.script([
      { kind: 'display-name-is-email' },
      { kind: 'status', status: 200, body: { id: 'x', displayName: 'Zo\u00eb' } },
    ]);
    const response = await stack.create({
      body: JSON.stringify({ displayName: 'Zoe\u0308', emailAddress: 'zoe@contoso.com' }),
    });
    expect([response.status, response.body['displayName']]).toEqual([201, 'Zo\u00eb']);
    expect(response.headers.get('bookings-warning')).toBeNull();
    expect(stack.graphMethods).toEqual(['POST', 'PATCH']);
  });
});

it('a name goes to Graph in the normal form in which it came', async () => {
  const name = fc.string({
    unit: fc.constantFrom('e', '\u0301', '\u00e9', '\u212b', '\u1100', '\u1161'),
    minLength: 1,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(name, fc.boolean(), async (displayName, isKeyed) => {
      const body = JSON.stringify({ displayName });
      const headers: Record<string, string> = isKeyed ? { 'idempotency-key': newKey() } : {};
      const response = await stack.create({ headers, body });
      expect([response.status, response.body['displayName']]).toEqual([201, displayName]);
      expect(stack.fake.customers(BUSINESS).at(-1)?.displayName).toBe(displayName);
    }),
    { numRuns: 60 },
  );
});
