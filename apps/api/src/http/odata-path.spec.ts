import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalPath, isCustomersPath } from './odata-path.ts';

describe('canonicalPath', () => {
  it('returns canonical paths and unknown paths unchanged', () => {
    const paths = [
      '/v1.0/solutions/bookingBusinesses/a@b.c/customers?x=/y',
      '/livez',
      '/',
      '',
      '*',
      '/v1.0',
      '/solutions//',
    ];
    for (const path of paths) expect(canonicalPath(path)).toBe(path);
  });

  it('returns the same key for every spelling', () => {
    const key = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => text.isWellFormed());
    const cased = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.toLowerCase(),
      (text) => text.toUpperCase(),
    );
    fc.assert(
      fc.property(
        key,
        cased,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (id, to, version, slash, quoted) => {
          const segment = quoted
            ? `${to('bookingBusinesses')}('${encodeURIComponent(id).replaceAll("'", "''")}')`
            : `${to('bookingBusinesses')}/${encodeURIComponent(id)}`;
          const path = `${version ? to('/v1.0') : ''}${to('/solutions')}/${segment}${to('/customers')}${slash ? '/' : ''}`;
          const found = /^\/v1\.0\/solutions\/bookingBusinesses\/([^/]+)\/customers\/?$/.exec(
            canonicalPath(path),
          );
          expect(decodeURIComponent(found?.[1] ?? '')).toBe(id);
        },
      ),
    );
  });

  it.each([
    ['/solutions/bookingbusinesses/b/CUSTOMERS/Id', '…/b/customers/Id'],
    ["/v1.0/solutions/bookingBusinesses('b')/customers('a''b')", '…/b/customers/a%27b'],
    [
      "/solutions/bookingBusinesses/b/customers('a%2Fb')/?$select=id",
      '…/b/customers/a%2Fb?$select=id',
    ],
    ['/solutions/bookingBusinesses/b/customers/%24Count', '…/b/customers/$count'],
    ['/solutions/bookingBusinesses/b/customers/$count/', '…/b/customers/$count'],
    ["/solutions/bookingBusinesses/b/customers('$count')", '…/b/customers/%24count'],
    ["/solutions/bookingBusinesses/customers('x')/customers", "…/customers('x')/customers"],
    ["/solutions/bookingBusinesses/b/customers('')", undefined],
    ["/solutions/bookingBusinesses('')/customers", undefined],
    ['/solutions/bookingBusinesses//customers', undefined],
    ['/solutions/bookingBusinesses/b/customers/a/b', undefined],
    ["/solutions('x')/bookingBusinesses/b/customers", undefined],
    ['/solutions/bookingBusinesses/b/services', undefined],
    ['/solutions/bookingBusinesses/b', undefined],
  ])('turns %s into %s', (path, expected) => {
    const canonical = expected?.replace('…', '/v1.0/solutions/bookingBusinesses');
    expect(canonicalPath(path)).toBe(canonical ?? path);
    expect(isCustomersPath(canonicalPath(path))).toBe(expected !== undefined);
  });

  it.each(['/$batch', '/v1.0/$batch', '/V1.0/%24BATCH/'])('recognizes %s', (path) => {
    expect(canonicalPath(path)).toBe('/v1.0/$batch');
    expect(isCustomersPath(canonicalPath(path))).toBe(false);
  });
});
