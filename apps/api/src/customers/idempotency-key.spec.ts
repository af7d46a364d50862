import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseIdempotencyKey } from './idempotency-key.ts';

const CHARACTER = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
const KEY = fc.string({ unit: CHARACTER, minLength: 1, maxLength: 255 });

describe('parseIdempotencyKey', () => {
  it.each([
    ['a bare key', 'clave-1', 'clave-1'],
    [
      'a quoted key',
      '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
      '8e03978e-40d5-43dd-bc93-6894a57f9324',
    ],
    ['a quote within quotes', '"a\\"b"', 'a"b'],
    ['a backslash within quotes', '"a\\\\b"', 'a\\b'],
    ['a comma within quotes', '"a,b"', 'a,b'],
    ['the longest key', 'x'.repeat(255), 'x'.repeat(255)],
    ['an empty value', '', undefined],
    ['an empty quoted key', '""', undefined],
    ['a key that is too long', 'x'.repeat(256), undefined],
    ['an unterminated quote', '"abc', undefined],
    ['an extra quote', '"a"b"', undefined],
    ['an escape that RFC 8941 does not have', '"a\\b"', undefined],
    ['parameters of a structured field', '"abc";a=1', undefined],
    ['several bare keys', 'a,b', undefined],
    ['several quoted keys', '"a", "b"', undefined],
    ['a space', 'a b', undefined],
    ['a letter outside ASCII', 'schlüssel', undefined],
  ])('parses %s', (_title, value, expected) => {
    expect(parseIdempotencyKey(value)).toBe(expected);
  });

  it('returns every quoted key', () => {
    fc.assert(
      fc.property(KEY, (key) => {
        expect(parseIdempotencyKey(`"${key.replaceAll(/["\\]/g, '\\$&')}"`)).toBe(key);
      }),
    );
  });

  it('returns a bare key unchanged unless it is ambiguous', () => {
    fc.assert(
      fc.property(KEY, (key) => {
        expect(parseIdempotencyKey(key)).toBe(/^"|,/.test(key) ? parseIdempotencyKey(key) : key);
      }),
    );
  });
});
