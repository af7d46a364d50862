import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const ROOT = new URL('../../../', import.meta.url);
const ROWS = readFileSync(new URL('SECURITY.md', ROOT), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '));
/** A file, and with it the title of a test or of a row of its table. */
const NAMED = /`((?:apps|libs)\/[^`]+)`(?:: "([^"]+)")?/g;

const NAMED_ONCE = new RegExp(NAMED.source);

interface Named {
  readonly file: string;
  readonly title: string;
}

const named: Named[] = ROWS.flatMap((row) =>
  [...row.matchAll(NAMED)].map(([, file = '', title = '']) => ({ file, title })),
);

/** Whether `title` is a text in `code`, in quotes of any kind. */
function isIn(code: string, title: string): boolean {
  return ["'", '"', '`'].some((quote) => code.includes(`${quote}${title}${quote}`));
}

/** Whether `text` is about `point` or a part of it: 4.1 is not begun by 4.10. */
function begins(text: string, point: string): boolean {
  return text.startsWith(`${point} `) || text.startsWith(`${point}.`);
}

describe("SECURITY.md's tables", () => {
  it('name tests that are there, each by its file and its title', () => {
    const missing = named.filter(({ file, title }) => {
      const url = new URL(file, ROOT);
      return title === '' || !existsSync(url) || !isIn(readFileSync(url, 'utf8'), title);
    });
    expect(missing).toEqual([]);
    // Or nothing was found to check.
    expect(named.length).toBeGreaterThan(50);
  });

  it('have every section of RFC 9700 that says what to do, and all ten of OWASP', () => {
    const points = ROWS.map((row) => row.split('|')[1]?.trim() ?? '');
    const sections = ['2.1', '2.2.1', '2.2.2', '2.3', '2.4', '2.5', '2.6', '3'];
    const attacks = Array.from({ length: 17 }, (_, index) => `4.${index + 1}`);
    const risks = Array.from({ length: 10 }, (_, index) => `API${index + 1}`);
    const absent = [...sections, ...attacks, ...risks].filter(
      (point) => !points.some((each) => begins(each, point)),
    );
    expect(absent).toEqual([]);
  });

  it('say of every point without a test why there is none', () => {
    const bare = ROWS.slice(2).filter((row) => !NAMED_ONCE.test(row));
    const unexplained = bare.filter((row) => !/Does not apply|As 2\.|^\| (?:-|point)/.test(row));
    expect(unexplained).toEqual([]);
  });
});
