import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { QUERY_OPTIONS, readQueryOptions } from './query-options.ts';

describe('readQueryOptions', () => {
  it.each([
    ['', ''],
    ['$top=5', '$top=5'],
    ['%24top=5&utm_source=x&$skip=1', '$top=5&$skip=1'],
    ['$filter=a eq b'.replaceAll(' ', '%20'), '$filter=a%20eq%20b'],
    ['$filter=x+eq+1=2', '$filter=x+eq+1=2'],
    ['$skiptoken=a%26b%23%2F', '$skiptoken=a%26b%23%2F'],
    ['$count', '$count='],
    ['x', ''],
  ])('turns %j into %j', (query, kept) => {
    expect(readQueryOptions(query)).toBe(kept);
  });

  it('keeps other parameters that are named', () => {
    expect(readQueryOptions('a=1&b=2', ['b'])).toBe('b=2');
  });

  it.each([
    ['$apply=x', 'supported are $count'],
    ['$Top=5', 'supported are $count'],
    ['$=5', 'supported are $count'],
    ['top=5', 'write $top'],
    ['$top=5&%24top=6', '$top appears twice'],
    ['$filter=%zz', 'not percent-encoded'],
    ['$filter=a b', 'not percent-encoded'],
    ['$filter=ä', 'not percent-encoded'],
    ['%zz=1', 'not percent-encoded'],
  ])('refuses %j: %s', (query, why) => {
    expect(() => readQueryOptions(query)).toThrow(why);
  });

  it('keeps every value unchanged and adds no parameter', () => {
    // Without the characters that some options restrict; query-restrictions.spec.ts covers those.
    const value = fc
      .string({ unit: 'grapheme' })
      .filter((text) => text.isWellFormed() && !/[/($%]/.test(text));
    const options = fc.dictionary(fc.constantFrom(...QUERY_OPTIONS), value);
    fc.assert(
      fc.property(options, (given) => {
        const query = Object.entries(given)
          .map(([name, each]) => `${name}=${encodeURIComponent(each)}`)
          .join('&');
        const kept = new URLSearchParams(readQueryOptions(query));
        expect(Object.fromEntries(kept)).toEqual({ ...given });
        expect([...kept]).toHaveLength(Object.keys(given).length);
      }),
    );
  });
});
