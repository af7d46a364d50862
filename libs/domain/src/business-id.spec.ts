import { describe, expect, it } from '@jest/globals';
import { foldBusinessId } from './business-id.ts';

describe('the letter case of a business id', () => {
  it.each([
    ['Sales@Contoso.COM', 'sales@contoso.com'],
    ['ABCXYZ[\\]^_`{', 'abcxyz[\\]^_`{'],
    // Letters that only look alike stay apart: they name another mailbox, or none.
    ['\u212aiosk@contoso.com', '\u212aiosk@contoso.com'],
    ['K\u0130OSK@contoso.com', 'k\u0130osk@contoso.com'],
    ['\u00dcber@contoso.com', '\u00dcber@contoso.com'],
    ['\uff21@contoso.com', '\uff21@contoso.com'],
  ])('is folded for ASCII alone: %j is %j', (business, folded) => {
    expect(foldBusinessId(business)).toBe(folded);
  });
});
