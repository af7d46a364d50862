import { describe, expect, it } from '@jest/globals';
import type { Caller } from '@bookings/domain';
import { StoreSecret } from './store-secret.ts';

const secret = new StoreSecret('a secret of the server');
const caller: Caller = {
  kind: 'delegated',
  appId: 'app',
  tenantId: 'tenant',
  objectId: 'user',
  permissions: [],
  personal: false,
};
const owner = { caller, business: 'shop@contoso.com', operation: 'createCustomer' };
const key = secret.keyDigest(owner, 'k');

/** A user whose token has no object id. */
function unnamed(subject: string): Caller {
  const { objectId: _, ...rest } = caller;
  return { ...rest, subject };
}

describe('the digest of a key', () => {
  it.each([
    ['another key', owner, 'l'],
    ['another application', { ...owner, caller: { ...caller, appId: 'b' } }, 'k'],
    ['another tenant', { ...owner, caller: { ...caller, tenantId: 'b' } }, 'k'],
    ['another user', { ...owner, caller: { ...caller, objectId: 'b' } }, 'k'],
    ['a user without an object id', { ...owner, caller: unnamed('user') }, 'k'],
    ['another business', { ...owner, business: 'spa@contoso.com' }, 'k'],
    ['another operation', { ...owner, operation: 'b' }, 'k'],
    [
      'a letter that folds to the same one in Unicode only',
      { ...owner, business: '\u017fhop@contoso.com' },
      'k',
    ],
  ])('differs for %s', (_title, other, idempotencyKey) => {
    expect(secret.keyDigest(other, idempotencyKey)).not.toBe(key);
  });

  it('ignores the case of the business id, and depends on the secret', () => {
    expect(secret.keyDigest({ ...owner, business: 'SHOP@contoso.com' }, 'k')).toBe(key);
    expect(new StoreSecret('another').keyDigest(owner, 'k')).not.toBe(key);
  });

  it('differs for two users without an object id', () => {
    const digests = ['one', 'two'].map((subject) =>
      secret.keyDigest({ ...owner, caller: unnamed(subject) }, 'k'),
    );
    expect(new Set(digests).size).toBe(2);
  });

  it('does not change, because existing stores depend on it', () => {
    const mixedCase = { ...owner, business: 'Shop@Contoso.COM' };
    expect(secret.keyDigest(mixedCase, 'k')).toBe('QvR8vWHclTBHXTPHdCcvQi-C-m9DHhs_GIDqQY6X-NY');
    expect(secret.customerDigest('Shop@Contoso.COM', 'AAQk+/=')).toBe(
      'A392zFmZMrpID6sO7cczbhr8ayTsFsFDQibQkPJ4cDI',
    );
    for (const business of ['\u212aIOSK-\u0130@Contoso.COM', '\u212aiosk-\u0130@contoso.com']) {
      expect(secret.fingerprint(business, '{}')).toBe(
        'YgupPpAkAlpTg1uXQsKnQLYQYBn14NMkO8VcyH3RACo',
      );
    }
  });

  it('of a create without a key depends on its owner, body and client-request-id alone', () => {
    const digest = (of = owner, body = '{}', id?: string) => secret.unkeyedDigest(of, body, id);
    const id = '5b1d6a52-0f5e-4c3b-8a55-3f1d2b1c9e10';
    expect(digest({ ...owner, business: 'SHOP@contoso.com' })).toBe(digest());
    expect(digest(owner, '{}', id.toUpperCase())).toBe(digest(owner, '{}', id));
    const others = [
      digest({ ...owner, business: 'spa@contoso.com' }),
      digest({ ...owner, caller: { ...caller, objectId: 'b' } }),
      digest(owner, '[]'),
      digest(owner, '{}', id),
      secret.keyDigest(owner, '{}'),
    ];
    expect(new Set([digest(), ...others]).size).toBe(others.length + 1);
  });

  it('separates its parts', () => {
    expect(secret.fingerprint('a', 'bc')).not.toBe(secret.fingerprint('ab', 'c'));
  });
});

describe('a sealed response', () => {
  const plain = Buffer.from('Joni Sherman, jonis@relecloud.com');
  const sealed = secret.seal(key, 'k', plain);

  it('opens with the key that it was sealed with', () => {
    expect(secret.open(key, 'k', sealed)).toEqual(plain);
  });

  it('differs every time and hides the text', () => {
    expect(Buffer.from(secret.seal(key, 'k', plain))).not.toEqual(Buffer.from(sealed));
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('Joni');
  });

  it.each<[string, () => Buffer]>([
    ['another key', () => secret.open(key, 'l', sealed)],
    ['another record', () => secret.open('other', 'k', sealed)],
    ['another secret', () => new StoreSecret('another').open(key, 'k', sealed)],
    ['a changed byte', () => secret.open(key, 'k', sealed.with(20, (sealed[20] ?? 0) ^ 1))],
    ['a missing end', () => secret.open(key, 'k', sealed.slice(0, -1))],
  ])('does not open with %s', (_title, open) => {
    expect(open).toThrow();
  });
});
