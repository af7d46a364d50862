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
    await nextTurn();
    let over = false;
    const next = endOfTurn.reached().then(() => (over = true));
    await Promise.resolve();
    expect(over).toBe(false);
    await nextTurn();
    expect(over).toBe(true);
    await next;
  });

  it('is not waited for anew while it is under way, at whatever step', async () => {
    const seen: string[] = [];
    const go = async (name: string, steps: readonly EndOfTurn[]) => {
      for (const step of steps) {
        await step.reached();
        // As a stream's `end` would, which comes by way of ticks.
        await new Promise<void>((resolve) => {
          process.nextTick(resolve);
        });
        seen.push(name);
      }
    };
    const [token, body] = [new EndOfTurn(), new EndOfTurn()];
    const all = [go('new token', [token, body]), go('known token', [body])];
    await nextTurn();
    expect(seen).toEqual(['new token', 'new token', 'known token']);
    await Promise.all(all);
  });
});
