import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const ROOT = new URL('../../../', import.meta.url);
const SECURITY = readFileSync(new URL('SECURITY.md', ROOT), 'utf8');

/** Every test that is named there, as file and title. */
const NAMED = [...SECURITY.matchAll(/`((?:apps|libs)\/[^`]+e2e-spec\.ts)`: ([^;|\n]+)/g)].map(
  ([, file = '', title = '']) => [file, title.replace(/[. ]+(?:Everything.*)?$/, '')] as const,
);

describe('a test that SECURITY.md names', () => {
  it('is one of many', () => {
    expect(NAMED.length).toBeGreaterThan(20);
  });

  it.each(NAMED)('is there: %s, %s', (file, title) => {
    const path = new URL(file, ROOT);
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, 'utf8').replaceAll("\\'", "'")).toContain(title);
  });
});
