/**
 * What callers of other services reported in public, as an input for this one. Each row of the tables
 * is a test: what is sent, and what is right. The source is the thread that has the input, or tells of
 * it; the input is then made after its words.
 */
export interface Report {
  /** The address of the thread. */
  readonly source: string;
  /** What is sent. */
  readonly input: string;
  /** What is right. */
  readonly right: string;
}

/** The title of the test of each row: `input: right (source)`. */
export function titled<Row extends Report>(rows: readonly Row[]): (readonly [string, Row])[] {
  return rows.map((row) => [`${row.input}: ${row.right} (${row.source})`, row] as const);
}

const GITHUB = 'https://github.com';
export const issue = (repository: string, number: number) =>
  `${GITHUB}/${repository}/issues/${number}`;
export const pull = (repository: string, number: number) =>
  `${GITHUB}/${repository}/pull/${number}`;
