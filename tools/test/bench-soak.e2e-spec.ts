import { describe, expect, it } from '@jest/globals';
import { LEFT, LOST } from '../bench/load.ts';
import { endLines, metric, type Soaked, verdict } from '../bench/soak-report.ts';

describe('the verdict of the soak', () => {
  const held = { residentMb: 150, descriptors: 30, timers: 2, ended: 5 };
  const ends = new Map([
    [
      'create',
      new Map([
        [201, 8],
        [502, 1],
        [LEFT, 1],
      ]),
    ],
  ]);
  const soaked: Soaked = { before: held, after: { ...held, ended: 14 }, maxMb: 190, ends };

  it('passes for a process that has not changed', () => {
    const { text, holds } = verdict(soaked);
    expect(text.match(/^holds: /gm)).toHaveLength(5);
    expect(holds).toBe(true);
  });

  it.each<[string, Partial<Soaked>]>([
    ['resident memory', { maxMb: 257 }],
    ['descriptors', { after: { ...soaked.after, descriptors: 31 } }],
    ['timers', { after: { ...soaked.after, timers: 3 } }],
    [
      'unexplained responses: 1',
      {
        ends: new Map([
          [
            'create',
            new Map([
              [201, 9],
              [500, 1],
            ]),
          ],
        ]),
      },
    ],
    [
      'unexplained responses: 1',
      {
        ends: new Map([
          [
            'create',
            new Map([
              [201, 9],
              [LOST, 1],
            ]),
          ],
        ]),
      },
    ],
    [
      'unexplained responses: 1',
      {
        ends: new Map([
          [
            'create',
            new Map([
              [201, 9],
              [504, 1],
            ]),
          ],
        ]),
      },
    ],
    ['requests that the process counted: 8', { after: { ...soaked.after, ended: 13 } }],
    ['requests that the process counted: 11', { after: { ...soaked.after, ended: 16 } }],
  ])('fails for %s', (line, different) => {
    const { text, holds } = verdict({ ...soaked, ...different });
    expect(text).toContain(`missed: ${line}`);
    expect(holds).toBe(false);
  });

  it('lists how requests ended', () => {
    expect(endLines(ends)).toBe('create: 8 x 201, 1 x 502, 1 x left');
  });

  it('sums the series of a metric', () => {
    const text = '# HELP n Of something.\nn{op="a"} 3\nn{op="b"} 4\nnn{op="a"} 5';
    expect(metric(text, /^n\{/)).toBe(7);
  });
});
