import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ROOT, read } from './documents.fixture.ts';

const TEXT = read('docs/security-controls.md');
/** The rows of both tables, without their headers. */
const ROWS = TEXT.split('\n').filter((line) => /^\| (?:\d|API)/.test(line));
const TEST_FILE = /`((?:apps|libs)\/[\w./-]+spec\.ts)`/g;

const cellsOf = (row: string) => row.split('|').map((cell) => cell.trim());
/** The points that do not apply, as the list below the first table names them. */
const [, listed = ''] = /do not apply:\n\n((?:- .*\n)+)/.exec(TEXT) ?? [];
const notApplicable = listed.match(/\d+\.\d+(?:\.\d+)?/g) ?? [];

/** Whether `text` starts with `point` or a subsection: 4.10 does not start with 4.1. */
function begins(text: string, point: string): boolean {
  return text === point || text.startsWith(`${point} `) || text.startsWith(`${point}.`);
}

describe('the tables of security controls', () => {
  it('refer to existing test files', () => {
    const named = ROWS.flatMap((row) => [...row.matchAll(TEST_FILE)].map(([, file = '']) => file));
    expect(named.filter((file) => !existsSync(`${ROOT}${file}`))).toEqual([]);
    // Guards against a pattern that matches nothing.
    expect(named.length).toBeGreaterThan(50);
  });

  it('have a test file and a control for every point', () => {
    const incomplete = ROWS.filter((row) => {
      const [, point, control, tests = ''] = cellsOf(row);
      return !point || !control || tests.match(TEST_FILE) === null;
    });
    expect(incomplete).toEqual([]);
  });

  it('cover every recommendation of RFC 9700 and the OWASP API Security Top 10', () => {
    const points = [...ROWS.map((row) => cellsOf(row)[1] ?? ''), ...notApplicable];
    const sections = ['2.1', '2.2.1', '2.2.2', '2.3', '2.4', '2.5', '2.6', '3'];
    const attacks = Array.from({ length: 17 }, (_, index) => `4.${index + 1}`);
    const risks = Array.from({ length: 10 }, (_, index) => `API${index + 1}`);
    const absent = [...sections, ...attacks, ...risks].filter(
      (point) => !points.some((each) => begins(each, point)),
    );
    expect(absent).toEqual([]);
  });

  it('have no row for a point that does not apply', () => {
    const points = ROWS.map((row) => cellsOf(row)[1] ?? '');
    expect(points.filter((point) => notApplicable.some((each) => point === each))).toEqual([]);
    expect(notApplicable).toHaveLength(8);
    expect(TEXT).not.toMatch(/^\|.*does not apply/im);
  });
});
