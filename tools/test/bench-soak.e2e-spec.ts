import { describe, expect, it } from '@jest/globals';
import { LEFT, LOST } from '../bench/connection.ts';
import { missing, unexplained } from '../bench/soak/explained.ts';
import { MetricsText } from '../bench/soak/metrics-text.ts';
import type { Sample } from '../bench/soak/sample.ts';
import { leastOfMinutes, slopePerMinute } from '../bench/soak/trend.ts';
import { verdicts } from '../bench/soak/verdict.ts';

const MEGABYTE = 1024 * 1024;

function sample(atSeconds: number, different: Partial<Sample> = {}): Sample {
  return {
    ...{ atSeconds, residentBytes: 150 * MEGABYTE, heapBytes: 30 * MEGABYTE, ended: 0 },
    ...{ descriptors: 40, sockets: 10, upstream: 8, threads: 12, inFlight: 1, lagP99Ms: 10 },
    ...{ resources: new Map([['Timeout', 3]]), ...different },
  };
}

/** Ten minutes, every ten seconds. */
function soaked(during: (minute: number) => Partial<Sample>, after: Partial<Sample> = {}) {
  const samples = Array.from({ length: 60 }, (_none, index) =>
    sample((index + 1) * 10, during((index + 1) / 6)),
  );
  return { minutes: 10, before: sample(-15), samples, after: sample(615, after) };
}

const growing = (all: ReturnType<typeof soaked>) =>
  verdicts(all)
    .filter(({ grows }) => grows)
    .map(({ name }) => name);

describe('the verdict of a soak', () => {
  it('finds nothing in a process that is as it was', () => {
    expect(growing(soaked(() => ({})))).toEqual([]);
  });

  it.each([
    [0.9, []],
    [1.1, ['resident MB']],
  ])('of memory that takes %d MB a minute is %j', (each, expected) => {
    const all = soaked((minute) => ({ residentBytes: (150 + each * minute) * MEGABYTE }));
    expect(growing(all)).toEqual(expected);
  });

  it('does not mind what memory did before the last five minutes', () => {
    const all = soaked((minute) => ({ residentBytes: 150 * Math.min(minute, 5) * MEGABYTE }));
    expect(growing(all)).toEqual([]);
  });

  it('looks at a heap where it is least', () => {
    const jagged = (minute: number) => 30 + ((minute * 6) % 6) * minute;
    expect(growing(soaked((minute) => ({ heapBytes: jagged(minute) * MEGABYTE })))).toEqual([]);
  });

  it('finds one descriptor, one timer and one request that are left', () => {
    const left = { descriptors: 41, inFlight: 2, resources: new Map([['Timeout', 4]]) };
    expect(growing(soaked(() => ({}), left))).toEqual(['descriptors', 'timers', 'in flight']);
  });

  it('allows for connections to the upstream that are kept', () => {
    const kept = { descriptors: 45, sockets: 15, upstream: 13 };
    expect(growing(soaked(() => ({}), kept))).toEqual([]);
  });

  it('says nothing of the memory of a soak that is too short', () => {
    const all = soaked((minute) => ({ residentBytes: 150 * minute * MEGABYTE }));
    const brief = { ...all, minutes: 1, samples: all.samples.slice(0, 6) };
    expect(growing(brief)).toEqual([]);
  });
});

describe('a trend', () => {
  const points = [1, 3, 2, 6].map((value, index) => ({ atSeconds: 30 * (index + 1), value }));

  it('is the slope by least squares', () => {
    expect(slopePerMinute(points)).toBeCloseTo(2.8);
    expect(slopePerMinute(points.slice(0, 1))).toBeNaN();
  });

  it('can be of the least of each minute', () => {
    expect(leastOfMinutes(points)).toEqual([
      { atSeconds: 60, value: 1 },
      { atSeconds: 120, value: 2 },
    ]);
  });
});

describe('the accounts of a soak', () => {
  const accounts = { asked: 10, answered: 8, left: 2, lost: 0, unsent: 0, endedAtProxy: 9 };

  it.each([
    ['nothing', {}, []],
    ['an answer that was lost', { answered: 7, lost: 1 }, ['1 answers were lost']],
    ['a request without an end', { answered: 7 }, ['1 requests have not ended']],
    ['one that was not sent', { unsent: 1 }, ['1 requests were due and could not be sent']],
    [
      'one that the proxy has not seen',
      { endedAtProxy: 7 },
      ['the proxy counts 7 requests, and not 8 to 10'],
    ],
  ])('miss %s', (_title, different, expected) => {
    expect(missing({ ...accounts, ...different })).toEqual(expected);
  });

  it.each([
    [201, 'create', true, 0],
    [LEFT, 'create', false, 0],
    [502, 'create', true, 0],
    [502, 'create', false, 3],
    [504, 'create', true, 3],
    [504, 'keyed create', true, 0],
    [500, 'one customer', true, 3],
    [LOST, 'page of 100', true, 3],
  ] as const)(
    '%d of a %s, with faults: %s, leaves %d unexplained',
    (status, kind, faults, count) => {
      expect(unexplained(new Map([[kind, new Map([[status, 3]])]]), faults)).toBe(count);
    },
  );
});

describe('the text of metrics', () => {
  const text = new MetricsText(
    [
      '# HELP size Of something.',
      'size 12.5',
      'size_total 7',
      'requests{operation="list",status="200"} 3',
      'requests{operation="list",status="502"} 2',
      'requests{operation="create",status="201"} 4',
    ].join('\n'),
  );

  it('has values by their names', () => {
    expect([text.value('size'), text.value('other')]).toEqual([12.5, NaN]);
  });

  it('has series by a label', () => {
    expect([...text.byLabel('requests', 'operation')]).toEqual([
      ['list', 5],
      ['create', 4],
    ]);
    expect(text.byLabel('requests', 'status').get('502')).toBe(2);
  });
});
