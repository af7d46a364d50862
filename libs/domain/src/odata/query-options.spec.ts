import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { QUERY_OPTIONS, readQueryOptions } from './query-options.ts';

describe('readQueryOptions', () => {
  it.each([
    ['', ''],
    ['$top=5', '$top=5'],
    ['%24top=5&utm_source=x&$skip=1', '%24top=5&$skip=1'],
    ['$Top=5&$SKIP=1&page=2', '$Top=5&$SKIP=1'],
    ['$skipToken=x&page=2', '$skipToken=x&page=2'],
    ["$filter=@a&@a='$root'&$skiptoken=x", "$filter=@a&@a='$root'&$skiptoken=x"],
    ['@a=$root/x', ''],
    ['page=2&page=3&&%24DeltaToken=x', 'page=2&page=3&&%24DeltaToken=x'],
    ["a=%zz&$skiptoken=%&b='\u00e4", "a=%zz&$skiptoken=%&b='\u00e4"],
    ['$filter=a eq b'.replaceAll(' ', '%20'), '$filter=a%20eq%20b'],
    ['$filter=x+eq+1=2', '$filter=x+eq+1=2'],
    ['$skiptoken=a%26b%23%2F', '$skiptoken=a%26b%23%2F'],
    ['$count', '$count'],
    ['x', ''],
  ])('turns %j into %j', (query, kept) => {
    expect(readQueryOptions(query)).toBe(kept);
  });

  it('keeps other parameters that are named', () => {
    expect(readQueryOptions('a=1&b=2', ['b'])).toBe('b=2');
  });

  it.each([
    ['$apply=x', 'supported are $count'],
    ['$apply=x', '$apply is not supported'],
    ['$select[]=id', '$select[] is not supported'],
    ['%24select%5B%5D=id', '$select[] is not supported'],
    ['$a%0D%0Ab%E2%80%AEc%E2%80%A8=x', '$a??b?c? is not supported'],
    [`$${'x'.repeat(100)}=x`, `$${'x'.repeat(63)}... is not supported`],
    ['$s%E2%84%AAip=1', 'is not supported'],
    ['$=5', 'supported are $count'],
    ['top=5', 'write $top'],
    ['TOP=5', 'write $top'],
    ['$top=5&%24top=6', '$top appears twice'],
    ['$top=5&$Top=6', '$top appears twice'],
    ['%20$top=5', 'is not supported'],
    ['$top%20=5', 'is not supported'],
    ['+top=5', 'is not supported'],
    ['%2524top=5', '%24top is not supported'],
    ['%252524top=5', 'is not supported'],
    ['$filter=%zz', 'not percent-encoded'],
    ['$filter=a b', 'not percent-encoded'],
    ['$filter=ä', 'not percent-encoded'],
    ['%zz=1', 'not percent-encoded'],
  ])('refuses %j: %s', (query, why) => {
    expect(() => readQueryOptions(query)).toThrow(why);
  });

  it.each([
    ['$apply=x', '$apply is not supported'],
    ['select=x', 'write $select'],
    ['$Expand=a/b', '$expand must not contain'],
    ['%24Filter=$root/x', '$filter must not contain'],
    ['$filter=%zz', 'not percent-encoded'],
    ['%zz=1', 'the name %zz is not percent-encoded'],
    ['$SkipToken=y', '$skiptoken appears twice'],
    ['$top=1&$Top=2', '$top appears twice'],
    ['x=#', '# and control'],
    ['$filter=@a&@a=$root/x', 'a parameter alias must not contain'],
    ['%40a=%24It/x', 'a parameter alias must not contain'],
    ['@a=%zz', 'a parameter alias is not percent-encoded'],
    ['%20$expand=a/b', 'is not supported'],
  ])('refuses %j beside a page token: %s', (query, why) => {
    expect(() => readQueryOptions(`$skiptoken=x&${query}`)).toThrow(why);
    expect(() => readQueryOptions(`${query}&%24skipToken=x`)).toThrow(why);
  });

  it('keeps a query with a page token byte for byte', () => {
    const cased = fc.constantFrom(
      '$skiptoken',
      '$SkipToken',
      '%24skiptoken',
      '%24SKIPTOKEN',
      '$deltaToken',
    );
    const unknown = fc.webQueryParameters().filter((query) => !/\$|%24|#/.test(query));
    fc.assert(
      fc.property(cased, unknown, unknown, (name, before, after) => {
        const query = `${before}&${name}=${after.replaceAll('&', '%26')}&${after}`;
        fc.pre(
          !QUERY_OPTIONS.some(
            (option) =>
              query.toLowerCase().includes(`${option.slice(1)}=`) && !option.includes('token'),
          ),
        );
        expect(readQueryOptions(query)).toBe(query);
      }),
    );
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
