import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const ROOT = new URL('../../../', import.meta.url);
const ROWS = readFileSync(new URL('SECURITY.md', ROOT), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '));
/** A file, optionally with the title of a test or of a table row. */
const NAMED = /`((?:apps|libs)\/[^`]+)`(?:: "([^"]+)")?/g;

const NAMED_ONCE = new RegExp(NAMED.source);

interface Named {
  readonly file: string;
  readonly title: string;
}

const named: Named[] = ROWS.flatMap((row) =>
  [...row.matchAll(NAMED)].map(([, file = '', title = '']) => ({ file, title })),
);

/** Whether `code` contains `title` as a string literal. */
function isIn(code: string, title: string): boolean {
  return ["'", '"', '`'].some((quote) => code.includes(`${quote}${title}${quote}`));
}

/** Whether `text` starts with `point` or a subsection: 4.10 does not start with 4.1. */
function begins(text: string, point: string): boolean {
  return text.startsWith(`${point} `) || text.startsWith(`${point}.`);
}

describe("SECURITY.md's tables", () => {
  it('refer to existing tests by file and title', () => {
    const missing = named.filter(({ file, title }) => {
      const url = new URL(file, ROOT);
      return title === '' || !existsSync(url) || !isIn(readFileSync(url, 'utf8'), title);
    });
    expect(missing).toEqual([]);
    // Guards against a pattern that matches nothing.
    expect(named.length).toBeGreaterThan(50);
  });

  it('cover every recommendation of RFC 9700 and the OWASP API Security Top 10', () => {
    const points = ROWS.map((row) => row.split('|')[1]?.trim() ?? '');
    const sections = ['2.1', '2.2.1', '2.2.2', '2.3', '2.4', '2.5', '2.6', '3'];
    const attacks = Array.from({ length: 17 }, (_, index) => `4.${index + 1}`);
    const risks = Array.from({ length: 10 }, (_, index) => `API${index + 1}`);
    const absent = [...sections, ...attacks, ...risks].filter(
      (point) => !points.some((each) => begins(each, point)),
    );
    expect(absent).toEqual([]);
  });

  it('explain every point without a test', () => {
    const bare = ROWS.slice(2).filter((row) => !NAMED_ONCE.test(row));
    const unexplained = bare.filter((row) => !/Does not apply|As 2\.|^\| (?:-|point)/.test(row));
    expect(unexplained).toEqual([]);
  });
});
