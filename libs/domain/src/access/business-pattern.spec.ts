import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asciiLowerCase } from '../values.ts';
import { readBusinessAccess } from './read-business-access.ts';

const APP = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';

const access = (businesses: readonly string[]) =>
  readBusinessAccess({ callers: [{ appId: APP, businesses, operations: ['create', 'read'] }] });
const matches = (pattern: string, business: string) =>
  access([pattern]).reaches(APP, business, 'createCustomer').allowed;

describe('a pattern', () => {
  it.each<[string, string, boolean]>([
    ['sales@contoso.com', 'sales@contoso.com', true],
    ['Sales@Contoso.COM', 'sALES@cONTOSO.com', true],
    ['*@fabrikam.com', 'kiosk@fabrikam.com', true],
    ['*@fabrikam.com', 'KIOSK@FABRIKAM.COM', true],
    ['*@fabrikam.com', '@fabrikam.com', true],
    ['sales*@contoso.com', 'sales@contoso.com', true],
    ['s*l*s@contoso.com', 'sales@contoso.com', true],
    ['a*a@contoso.com', 'aa@contoso.com', true],
    ['a*a@contoso.com', 'a@contoso.com', false],
    ['**@contoso.com', 'x@contoso.com', true],
    ['*ab*ab*@contoso.com', 'abab@contoso.com', true],
    ['*ab*ab*@contoso.com', 'abb@contoso.com', false],
    ['*ab*b@contoso.com', 'ab@contoso.com', false],
    ['sales@*.contoso.com', 'sales@eu.contoso.com', true],
    ['sales@*.contoso.com', 'sales@contoso.com', false],
    ['*@*', 'any@anywhere', true],
    // Only the asterisk is special.
    ['s.les@contoso.com', 'sales@contoso.com', false],
    ['(.+)@contoso.com', 'sales@contoso.com', false],
    ['sales@contoso.com', 'xsales@contoso.com', false],
    ['sales@contoso.com', 'sales@contoso.comx', false],
    ['sales@contoso.com', 'sales@contoso.com.', false],
    ['*@fabrikam.com', 'x@fabrikam.com.evil.example', false],
    // An asterisk does not match "@".
    ['*@fabrikam.com', 'ceo@contoso.com@fabrikam.com', false],
    ['*@*', 'ceo@contoso.com@fabrikam.com', false],
    ['*@fabrikam.com', 'fabrikam.com', false],
    // Look-alikes, encoded characters and separators never match.
    ['kiosk@contoso.com', '\u212aiosk@contoso.com', false],
    ['*@contoso.com', '\u212aiosk@contoso.com', false],
    ['kiosk@contoso.com', 'k\u0131osk@contoso.com', false],
    ['KIOSK@contoso.com', 'k\u0130osk@contoso.com', false],
    ['*@contoso.com', 'sales@\u0441ontoso.com', false],
    ['*@contoso.com', '\uff53ales@contoso.com', false],
    ['*@contoso.com', 'sales\uff20contoso.com', false],
    ['*@contoso.com', 'sale\u017f@contoso.com', false],
    ['*@contoso.com', 'e\u0301@contoso.com', false],
    ['*@contoso.com', '\u200bsales@contoso.com', false],
    ['*@contoso.com', 'a b@contoso.com', false],
    ['*@contoso.com', 'sales@contoso.com ', false],
    ['*@contoso.com', 'sales%40contoso.com', false],
    ['*@contoso.com', 'x%2f@contoso.com', false],
    ['*@contoso.com', 'x/y@contoso.com', false],
    ['*@contoso.com', 'x\\y@contoso.com', false],
    ['*@contoso.com', 'x\0@contoso.com', false],
    ['*@contoso.com', 'x\n@contoso.com', false],
    ['*@contoso.com', 'x\x7f@contoso.com', false],
    ['*@contoso.com', '..', false],
    ['*@contoso.com', '', false],
    ['*@contoso.com', `${'x'.repeat(308)}@contoso.com`, true],
    ['*@contoso.com', `${'x'.repeat(309)}@contoso.com`, false],
  ])('%j matches %j: %s', (pattern, business, expected) => {
    expect(matches(pattern, business)).toBe(expected);
  });

  it('matches the same businesses as an independent matcher', () => {
    const letters = (maxLength: number, ...all: string[]) =>
      fc.string({ unit: fc.constantFrom(...all), maxLength });
    const half = letters(7, 'a', 'b', 'A', '.', '*', '*').filter((text) => text !== '');
    const pattern = fc.tuple(half, half).map((halves) => halves.join('@'));
    // Close to a match, so that both results occur.
    const near = fc
      .tuple(pattern, fc.array(letters(2, 'a', 'b', 'B', '@')), fc.nat(), fc.boolean())
      .map(([text, runs, at, whole]): [string, string] => {
        const filled = text.replaceAll('*', () => runs.pop() ?? '');
        const place = at % (filled.length + 1);
        return [text, whole ? filled : filled.slice(0, place) + filled.slice(place + 1)];
      });
    const far = fc.tuple(pattern, letters(8, 'a', 'b', '@', '%', '\u212a', ' ', '\0'));
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: near }, far), ([text, business]) => {
        fc.pre(!/^[*]+$/.test(text));
        expect(matches(text, business)).toBe(oracle(text, business));
      }),
      { numRuns: 5000 },
    );
  });

  it('matches only visible ASCII without %, / and \\', () => {
    const odd = fc.string({ unit: 'binary' }).filter((text) => /[^!-~]|[%/\\]/.test(text));
    fc.assert(
      fc.property(odd, (text) => {
        expect(matches('*@*', `${text}@contoso.com`)).toBe(false);
        expect(matches('*@*', `sales@${text}`)).toBe(false);
      }),
    );
  });

  it('takes bounded time with many asterisks', () => {
    const rules = access([`${'a*'.repeat(150)}b@contoso.com`, `x@${'*a'.repeat(150)}b`]);
    const businesses = [`${'a'.repeat(300)}@contoso.com`, `x@${'a'.repeat(300)}`];
    const began = process.cpuUsage();
    for (let round = 0; round < 1000; round += 1) {
      for (const business of businesses) {
        expect(rules.reaches(APP, business, 'getCustomer').allowed).toBe(false);
      }
    }
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000);
  });
});

/** Steps through the pattern with the set of all positions that it may have reached. */
function oracle(pattern: string, business: string): boolean {
  const places = pattern.split('').reduce<Set<number>>(
    (reached, sign) => {
      const next = new Set<number>();
      for (const place of reached) {
        if (sign !== '*') {
          if (alike(sign, business.charAt(place))) next.add(place + 1);
          continue;
        }
        for (let to = place; to <= business.length; to += 1) {
          next.add(to);
          if (business.charAt(to) === '@') break;
        }
      }
      return next;
    },
    new Set([0]),
  );
  return places.has(business.length) && !/[^!-~]|[%/\\]/.test(business);
}

/** ASCII letters differ from their other case in one bit. */
function alike(a: string, b: string): boolean {
  return a === b || (/[a-zA-Z]/.test(a) && a.charCodeAt(0) === (b.charCodeAt(0) ^ 32));
}

describe('asciiLowerCase', () => {
  it('changes A to Z and nothing else', () => {
    const given = 'AZaz09@\u212a\u0130\u00c4\uff21';
    expect(asciiLowerCase(given)).toBe('azaz09@\u212a\u0130\u00c4\uff21');
  });
});
