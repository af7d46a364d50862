import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { read } from './idempotency-key.ts';

const CHARACTER = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
const KEY = fc.string({ unit: CHARACTER, minLength: 1, maxLength: 255 });

describe('read', () => {
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
    ['as much as fits', 'x'.repeat(255), 'x'.repeat(255)],
    ['nothing', '', undefined],
    ['nothing within quotes', '""', undefined],
    ['too much', 'x'.repeat(256), undefined],
    ['an open quote', '"abc', undefined],
    ['a quote too many', '"a"b"', undefined],
    ['what RFC 8941 does not escape', '"a\\b"', undefined],
    ['parameters of a structured field', '"abc";a=1', undefined],
    ['several bare ones', 'a,b', undefined],
    ['several quoted ones', '"a", "b"', undefined],
    ['a space', 'a b', undefined],
    ['a letter beyond ASCII', 'schlüssel', undefined],
  ])('takes %s', (_title, value, expected) => {
    expect(read(value)).toBe(expected);
  });

  it('takes every key in quotes, and gives it back', () => {
    fc.assert(
      fc.property(KEY, (key) => {
        expect(read(`"${key.replaceAll(/["\\]/g, '\\$&')}"`)).toBe(key);
      }),
    );
  });

  it('takes a bare key as it is, but for what could be something else', () => {
    fc.assert(
      fc.property(KEY, (key) => {
        expect(read(key)).toBe(/^"|,/.test(key) ? read(key) : key);
      }),
    );
  });
});
