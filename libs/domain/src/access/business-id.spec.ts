import { describe, expect, it } from '@jest/globals';
import { foldBusinessId, isBusinessId } from './business-id.ts';

describe('the letter case of a business id', () => {
  it.each([
    ['Sales@Contoso.COM', 'sales@contoso.com'],
    ['ABCXYZ[\\]^_`{', 'abcxyz[\\]^_`{'],
    // Look-alike letters are not folded: they belong to another mailbox, or to none.
    ['\u212aiosk@contoso.com', '\u212aiosk@contoso.com'],
    ['K\u0130OSK@contoso.com', 'k\u0130osk@contoso.com'],
    ['\u00dcber@contoso.com', '\u00dcber@contoso.com'],
    ['\uff21@contoso.com', '\uff21@contoso.com'],
  ])('is folded for ASCII letters only: %j is %j', (business, folded) => {
    expect(foldBusinessId(business)).toBe(folded);
  });
});

describe('a business id', () => {
  it.each([
    'Contosolunchdelivery@contoso.onmicrosoft.com',
    "o'neill+spa_1-2@contoso.co.uk",
    "!$&'*+-/=^_`{|}~.x@contoso.com",
    '36038f36-634e-44e4-9415-d7d59c2347aa',
    'AAQkADcwNDg2ZTk0+/-_==',
    '\u00fcber@m\u00fcnchen.example',
    '\u5c71\u7530@contoso.com',
  ])('may be %s', (business) => {
    expect(isBusinessId(business)).toBe(true);
  });

  it.each(Array.from(' "#%(),:;<>?[\\]\t\n\0\u007f\u00a0\u200b\u202e\u2044\uff0f\uff20\ud800'))(
    'must not have %j',
    (character) => {
      expect(isBusinessId(`a${character}b@contoso.com`)).toBe(false);
      expect(isBusinessId(character)).toBe(false);
    },
  );

  it('is not empty', () => {
    expect(isBusinessId('')).toBe(false);
  });
});
