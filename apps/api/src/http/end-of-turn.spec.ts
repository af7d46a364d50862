import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { EndOfTurn } from './end-of-turn.ts';

describe('EndOfTurn', () => {
  it('is reached by all of one turn together, after all that came up in it', async () => {
    const endOfTurn = new EndOfTurn();
    const seen: string[] = [];
    const ask = async (name: string) => {
      seen.push(`${name} asks`);
      await endOfTurn.reached();
      seen.push(`${name} goes on`);
    };
    const first = ask('first');
    await Promise.resolve();
    const second = ask('second');
    await Promise.resolve();
    expect(seen).toEqual(['first asks', 'second asks']);
    await Promise.all([first, second]);
    expect(seen.slice(2)).toEqual(['first goes on', 'second goes on']);
  });

  it('is another one in the next turn', async () => {
    const endOfTurn = new EndOfTurn();
    const first = endOfTurn.reached();
    expect(endOfTurn.reached()).toBe(first);
    await first;
    let over = false;
    const next = endOfTurn.reached().then(() => (over = true));
    await Promise.resolve();
    expect(over).toBe(false);
    await nextTurn();
    expect(over).toBe(true);
    await next;
  });
});
