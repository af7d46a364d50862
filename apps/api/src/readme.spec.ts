import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES, OPERATIONS, OPERATION_NAMES, readBusinessAccess } from '@bookings/domain';
import { SETTINGS } from './config/settings.ts';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

/** The cells of the table under a heading, without its header. */
function table(heading: string): string[][] {
  const [, section = ''] = README.split(`\n## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}
const code = (text: string) => `\`${text}\``;

describe("the README's tables", () => {
  it('list every setting with its default and its meaning', () => {
    const expected = SETTINGS.map(({ key, default: standard, meaning }) => [
      code(key),
      standard === 'required' || standard === 'none' ? standard : code(standard),
      meaning,
    ]);
    expect(table('Settings')).toEqual(expected);
  });

  it('list every error code with its status and its meaning', () => {
    const expected = Object.entries(ERROR_CODES).map(([name, { status, when }]) => [
      String(status),
      code(name),
      when,
    ]);
    expect(table('Errors')).toEqual(expected);
  });

  it('list the permissions of every operation, least privileged first', () => {
    const expected = OPERATION_NAMES.flatMap((name) => {
      const { permissions, note = '' } = OPERATIONS[name];
      return [
        [name, 'delegated', permissions.delegated.join(', '), ''],
        [name, 'application', permissions.application.join(', '), note],
      ];
    });
    expect(table('Permissions')).toEqual(expected);
  });
});

describe("the README's business access file", () => {
  it('is valid', () => {
    const [, example = ''] = /```json\n(\{\n {2}"callers"[^`]*)```/.exec(README) ?? [];
    expect(readBusinessAccess(JSON.parse(example)).callerCount).toBe(1);
  });
});
