import { globSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ROOT, blocks, read, table } from './documents.fixture.ts';
import { EVENTS } from './observability/log-events.ts';
import { COMMON_FIELDS, FIELDS } from './observability/log-fields.ts';

const PAGE = 'docs/logs.md';
const span = (text: string) => `\`${text}\``;
type Fields = Readonly<Record<string, { readonly type: string; readonly meaning: string }>>;
const rowsOf = (fields: Fields) =>
  Object.entries(fields).map(([name, { type, meaning }]) => [span(name), type, meaning]);

/** The code that writes the log, without the tables. */
const CODE = globSync('apps/api/src/**/*.ts', { cwd: ROOT })
  .filter((file) => !/spec\.ts$|log-(?:events|fields)\.ts$/.test(file))
  .map(read)
  .join('');

describe('docs/logs.md', () => {
  it('lists the fields of every line, and all other fields', () => {
    expect(table(PAGE, 'Fields of every line')).toEqual(rowsOf(COMMON_FIELDS));
    expect(table(PAGE, 'Other fields')).toEqual(rowsOf(FIELDS));
  });

  it('lists every event with its levels, its alarm, its meaning and what to do', () => {
    const expected = Object.values(EVENTS).map((event) => [
      span(event.message),
      event.levels.join(', '),
      'alarm' in event ? span(event.alarm) : '',
      event.meaning,
      event.action,
    ]);
    expect(table(PAGE, 'Events')).toEqual(expected);
  });

  it('has an example that has fields of the tables alone', () => {
    const [example = '{}'] = blocks(PAGE);
    const names = Object.keys(JSON.parse(example) as object);
    const known = Object.keys({ ...COMMON_FIELDS, ...FIELDS });
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('the code of the log', () => {
  it('writes every event and every field of the tables', () => {
    const events = Object.keys(EVENTS).filter(
      (name) => !new RegExp(`\\.write\\(\\s*'${name}'`).test(CODE) && name !== 'audit',
    );
    const fields = Object.keys(FIELDS).filter((name) => !CODE.includes(`'${name}'`));
    expect([events, fields]).toEqual([[], []]);
  });

  it('has different messages and alarms', () => {
    const messages = Object.values(EVENTS).map(({ message }) => message);
    const alarms = Object.values(EVENTS).flatMap((event) =>
      'alarm' in event ? [event.alarm] : [],
    );
    expect([new Set(messages).size, new Set(alarms).size]).toEqual([
      messages.length,
      alarms.length,
    ]);
  });
});
