import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { EndOfTurn } from './end-of-turn.ts';

type Step = Parameters<EndOfTurn['reached']>[0];

/** As what follows from a step may come by way of ticks, such as the `end` of a stream. */
function tick(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

describe('EndOfTurn', () => {
  it('is reached by all of one turn together, after all that came up in it', async () => {
    const endOfTurn = new EndOfTurn();
    const seen: string[] = [];
    const ask = async (name: string) => {
      seen.push(`${name} asks`);
      await endOfTurn.reached('body');
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
    await endOfTurn.reached('answer');
    await nextTurn();
    let over = false;
    const next = endOfTurn.reached('answer').then(() => (over = true));
    await Promise.resolve();
    expect(over).toBe(false);
    await nextTurn();
    expect(over).toBe(true);
    await next;
  });

  it('has steps in an order, which those of one turn take together wherever they began', async () => {
    const endOfTurn = new EndOfTurn();
    const seen: string[] = [];
    const go = async (name: string, steps: readonly Step[]) => {
      for (const step of steps) {
        await endOfTurn.reached(step);
        seen.push(`${name}: ${step}`);
        await tick();
      }
    };
    const all = [
      go('answered', ['answer']),
      go('known', ['body']),
      go('new', ['token', 'body']),
      go('refused', ['token', 'answer']),
    ];
    await nextTurn();
    expect(seen).toEqual([
      ...['new: token', 'refused: token'],
      ...['known: body', 'new: body'],
      ...['answered: answer', 'refused: answer'],
    ]);
    await Promise.all(all);
  });

  it('does not wait anew for a step that has been taken in the turn', async () => {
    const endOfTurn = new EndOfTurn();
    let taken = false;
    const back = endOfTurn.reached('answer').then(async () => {
      await endOfTurn.reached('token');
      taken = true;
    });
    await nextTurn();
    expect(taken).toBe(true);
    await back;
  });
});
