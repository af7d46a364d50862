import { describe, expect, it } from '@jest/globals';
import { AnswerReader } from '../bench/answer-reader.ts';
import { verdict } from '../bench/compare.ts';
import { growth } from '../bench/scale/growth.ts';
import { longBody } from '../bench/scale/long-body.ts';
import { median, percentile, ratioInterval } from '../bench/statistics.ts';

describe('the statistics of the benchmark', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[], NaN],
  ])('the median of %j is %d', (numbers, expected) => {
    expect(median(numbers)).toBe(expected);
  });

  it.each([
    [0.5, 500],
    [0.99, 990],
    [0.999, 999],
    [1, 1000],
  ])('of the numbers from 1 to 1000 the share %d is up to %d', (part, expected) => {
    const sorted = Float64Array.from({ length: 1000 }, (_none, index) => index + 1);
    expect(percentile(sorted, part)).toBe(expected);
  });

  it('puts a ratio between bounds that are as far apart as the rounds', () => {
    const { ratio, low, high } = ratioInterval([1.1, 1.2, 1 / 1.1, 1 / 1.2]);
    expect(ratio).toBeCloseTo(1);
    expect(low).toBeLessThan(0.9);
    expect(high).toBeCloseTo(1 / low);
  });
});

describe('the comparison of two builds', () => {
  const pairs = (...ratios: number[]) => ratios.map((ratio) => ({ here: 300 * ratio, there: 300 }));

  it.each([
    ['REGRESSION beyond the noise: 5.0 % more', pairs(1.05, 1.04, 1.06, 1.05, 1.05)],
    ['IMPROVEMENT beyond the noise: 5.0 % less', pairs(0.95, 0.94, 0.96, 0.95, 0.95)],
    ['NO DIFFERENCE beyond the noise', pairs(1.05, 0.9, 1.1, 0.97, 1.04)],
  ])('says: %s', (expected, measured) => {
    expect(verdict('main', measured)).toMatch(new RegExp(`\n${expected}$`));
  });
});

describe('the reader of answers', () => {
  const created = 'HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}';

  it('finds the status of an answer, wherever its bytes are divided', () => {
    for (let at = 1; at < created.length; at += 1) {
      const reader = new AnswerReader();
      expect(reader.read(Buffer.from(created.slice(0, at)))).toBeUndefined();
      expect(reader.read(Buffer.from(created.slice(at)))).toBe(201);
    }
  });

  it('reads one answer after another', () => {
    const reader = new AnswerReader();
    expect(reader.read(Buffer.from(created))).toBe(201);
    expect(reader.read(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'))).toBe(204);
    expect(reader.read(Buffer.from(created))).toBe(201);
  });

  it.each([
    ['says no length', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['is longer than it said', `${created}{}`],
  ])('takes no answer that %s', (_title, text) => {
    expect(() => new AnswerReader().read(Buffer.from(text))).toThrow();
  });
});

describe('the growth of a cost', () => {
  const costs = (...list: number[]) => list.map((cpuUs, index) => ({ value: index + 1, cpuUs }));

  it.each([
    [
      'is flat where rows differ by a quarter at most',
      costs(400, 500, 450),
      { kind: 'flat', factor: 1.25 },
    ],
    [
      'grows where the largest value costs most',
      costs(400, 400, 600),
      { kind: 'grows', factor: 1.5, from: 1 },
    ],
    [
      'grows from the cheapest on, whatever came before',
      costs(900, 400, 600),
      { kind: 'grows', factor: 1.5, from: 2 },
    ],
    [
      'does not where another costs more than the largest value',
      costs(600, 400, 500),
      { kind: 'differs', factor: 1.5, dearest: 1 },
    ],
  ])('%s', (_title, measured, expected) => {
    expect(growth(measured)).toEqual(expected);
  });

  it.each([1, 10, 60])('is measured with a body of %d kB, a character a byte', (kilobytes) => {
    const body = longBody(kilobytes * 1000);
    expect(body.length / 1000).toBeLessThanOrEqual(kilobytes);
    expect(body.length / 1000).toBeGreaterThan(0.98 * kilobytes);
    const customer: unknown = JSON.parse(Buffer.from(body, 'latin1').toString('utf8'));
    expect(customer).toMatchObject({ displayName: 'Joni Sherman' });
  });
});
