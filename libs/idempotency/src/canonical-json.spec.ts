import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ a: undefined, b: null }, '{"b":null}'],
    [[{ b: 1, a: [] }, 'x'], '[{"a":[],"b":1},"x"]'],
    [{ a: ['Zoe\u0308'] }, '{"a":["Zo\u00eb"]}'],
    ['\u2028"', JSON.stringify('\u2028"')],
  ])('serializes %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('parses to the same value as JSON.stringify', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text: unknown = JSON.parse(canonicalJson(value));
        expect(text).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (members) => {
        const reversed = Object.fromEntries(Object.entries(members).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(members));
      }),
    );
  });
});
