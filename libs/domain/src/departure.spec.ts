import { describe, expect, it } from '@jest/globals';
import { type Departed, Departure, signalOf } from './departure.ts';

const reason = new Error('gone');

/** What listeners hear of both kinds, which must be the same. */
const kinds: [string, () => { departed: Departed; leave: () => void }][] = [
  [
    'Departure',
    () => {
      const departed = new Departure();
      return {
        departed,
        leave: () => {
          departed.abort(reason);
        },
      };
    },
  ],
  [
    'AbortSignal',
    () => {
      const controller = new AbortController();
      return {
        departed: controller.signal,
        leave: () => {
          controller.abort(reason);
        },
      };
    },
  ],
];

describe.each(kinds)('%s', (_name, make) => {
  it('tells those who listen, once, and says why', () => {
    const { departed, leave } = make();
    const heard: string[] = [];
    const removed = () => heard.push('removed');
    departed.addEventListener('abort', () => heard.push('first'));
    departed.addEventListener('abort', removed);
    departed.addEventListener('abort', () => heard.push('second'));
    departed.removeEventListener('abort', removed);
    expect([departed.aborted, departed.reason]).toEqual([false, undefined]);
    leave();
    leave();
    departed.addEventListener('abort', () => heard.push('late'));
    expect(heard).toEqual(['first', 'second']);
    expect([departed.aborted, departed.reason]).toEqual([true, reason]);
  });

  it('tells all of them, though one removes another', () => {
    const { departed, leave } = make();
    const heard: string[] = [];
    const first = () => {
      heard.push('first');
      departed.removeEventListener('abort', first);
    };
    departed.addEventListener('abort', first);
    departed.addEventListener('abort', () => heard.push('second'));
    leave();
    expect(heard).toEqual(['first', 'second']);
  });
});

describe('signalOf', () => {
  it.each(kinds)('is a signal of Node for a %s, before and after', (_name, make) => {
    const { departed, leave } = make();
    const before = signalOf(departed);
    expect([before instanceof AbortSignal, before.aborted]).toEqual([true, false]);
    leave();
    expect([before.aborted, before.reason]).toEqual([true, reason]);
    expect([signalOf(departed).aborted, signalOf(departed).reason]).toEqual([true, reason]);
  });
});
