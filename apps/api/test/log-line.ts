import { isObject } from '@bookings/domain';
import { EVENTS } from '../src/observability/log-events.ts';
import { COMMON_FIELDS, FIELDS } from '../src/observability/log-fields.ts';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const MESSAGES: readonly unknown[] = Object.values(EVENTS).map(({ message }) => message);
const DOCUMENTED = new Map(
  Object.entries({ ...COMMON_FIELDS, ...FIELDS }).map(([name, { type }]) => [name, type]),
);
const IS_OF_TYPE: Readonly<Record<string, (value: unknown) => boolean>> = {
  date: (value) => typeof value === 'string' && ISO.test(value),
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  list: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  object: isObject,
};

/**
 * What is wrong with a line of the log, compared with the tables that docs/logs.md repeats. An audit
 * record has its own members, so only its common fields are judged.
 */
export function faultsOfLine(line: Readonly<Record<string, unknown>>): string[] {
  const missing = Object.keys(COMMON_FIELDS).filter((name) => !(name in line));
  const wrong = Object.entries(line)
    .filter(([name]) => line['audit'] !== true || name in COMMON_FIELDS)
    .filter(([name, value]) => !IS_OF_TYPE[DOCUMENTED.get(name) ?? '']?.(value));
  const levels = Object.values(EVENTS).find(({ message }) => message === line['message'])?.levels;
  const level: readonly unknown[] = levels ?? [];
  return [
    ...missing.map((name) => `has no ${name}`),
    ...wrong.map(([name]) => `${name} is not documented with this type`),
    ...(MESSAGES.includes(line['message']) ? [] : ['has a message that is not documented']),
    ...(level.includes(line['log.level']) ? [] : ['has a level that is not documented']),
  ];
}
