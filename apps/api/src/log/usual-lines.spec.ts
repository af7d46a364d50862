import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import { createLog } from './log.ts';
import { usualLines } from './usual-lines.ts';

class Lines {
  readonly list: string[] = [];

  write(line: string): void {
    this.list.push(line);
  }
}

const names = fc.constantFrom('requestId', 'operation', 'status', 'durationMs', 'code', 'outcome');
const values = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.boolean(),
  fc.constant(undefined),
  fc.constant(null),
);

/** With every line at the same time. */
function withoutTime(line: string | undefined): string | undefined {
  return line?.replace(/"time":\d+/, '"time":0');
}

describe('usual lines', () => {
  it('are byte for byte those of pino', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('debug', 'info', 'error'),
        fc.dictionary(names, values),
        (level, fields) => {
          const lines = new Lines();
          const log = createLog('debug', lines);
          log.child({ audit: true })[level](fields, 'audit');
          usualLines(log, 'audit', { audit: true })(level, fields);
          expect(withoutTime(lines.list[1])).toBe(withoutTime(lines.list[0]));
        },
      ),
    );
  });

  it('are written from the level of the log on, or always', () => {
    const lines = new Lines();
    const log = createLog('error', lines);
    usualLines(log, 'a')('info', {});
    usualLines(log, 'b')('error', {});
    usualLines(log, 'c', {}, true)('info', {});
    expect(lines.list.map((line) => /"msg":"(.)"/.exec(line)?.[1])).toEqual(['b', 'c']);
  });

  it('have nowhere to go without a log of ours', () => {
    expect(() => usualLines(pino(), 'a')).toThrow('nobody knows where this log writes');
  });
});
