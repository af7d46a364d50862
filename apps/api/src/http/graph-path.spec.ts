import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalPath } from './graph-path.ts';

describe('canonicalPath', () => {
  it('leaves alone what is canonical or no path of Graph', () => {
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

  it('finds the same key in every spelling', () => {
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
});
