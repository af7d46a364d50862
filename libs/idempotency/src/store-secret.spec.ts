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
const key = secret.key(owner, 'k');

describe('the digest of a key', () => {
  it.each([
    ['another key', owner, 'l'],
    ['another application', { ...owner, caller: { ...caller, appId: 'b' } }, 'k'],
    ['another tenant', { ...owner, caller: { ...caller, tenantId: 'b' } }, 'k'],
    ['another user', { ...owner, caller: { ...caller, objectId: 'b' } }, 'k'],
    ['another business', { ...owner, business: 'spa@contoso.com' }, 'k'],
    ['another operation', { ...owner, operation: 'b' }, 'k'],
    ['a letter that only looks alike', { ...owner, business: '\u017fhop@contoso.com' }, 'k'],
  ])('is another one for %s', (_title, other, idempotencyKey) => {
    expect(secret.key(other, idempotencyKey)).not.toBe(key);
  });

  it('is the same however the business is written, and another under another secret', () => {
    expect(secret.key({ ...owner, business: 'SHOP@contoso.com' }, 'k')).toBe(key);
    expect(new StoreSecret('another').key(owner, 'k')).not.toBe(key);
  });

  it('stays what it is: a store that is there already rests on it', () => {
    const written = { ...owner, business: 'Shop@Contoso.COM' };
    expect(secret.key(written, 'k')).toBe('QvR8vWHclTBHXTPHdCcvQi-C-m9DHhs_GIDqQY6X-NY');
    expect(secret.customer('Shop@Contoso.COM', 'AAQk+/=')).toBe(
      'A392zFmZMrpID6sO7cczbhr8ayTsFsFDQibQkPJ4cDI',
    );
    for (const business of ['\u212aIOSK-\u0130@Contoso.COM', '\u212aiosk-\u0130@contoso.com']) {
      expect(secret.content(business, '{}')).toBe('YgupPpAkAlpTg1uXQsKnQLYQYBn14NMkO8VcyH3RACo');
    }
  });

  it('does not run its parts together', () => {
    expect(secret.content('a', 'bc')).not.toBe(secret.content('ab', 'c'));
  });
});

describe('a sealed answer', () => {
  const plain = Buffer.from('Joni Sherman, jonis@relecloud.com');
  const sealed = secret.seal(key, 'k', plain);

  it('opens with the key that it was sealed under', () => {
    expect(secret.open(key, 'k', sealed)).toEqual(plain);
  });

  it('is another every time, and shows nothing', () => {
    expect(Buffer.from(secret.seal(key, 'k', plain))).not.toEqual(Buffer.from(sealed));
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('Joni');
  });

  it.each<[string, () => Buffer]>([
    ['another key', () => secret.open(key, 'l', sealed)],
    ['another record', () => secret.open('other', 'k', sealed)],
    ['another secret', () => new StoreSecret('another').open(key, 'k', sealed)],
    ['a changed byte', () => secret.open(key, 'k', sealed.with(20, (sealed[20] ?? 0) ^ 1))],
    ['a lost end', () => secret.open(key, 'k', sealed.slice(0, -1))],
  ])('does not open with %s', (_title, open) => {
    expect(open).toThrow();
  });
});
