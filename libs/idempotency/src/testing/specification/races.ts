import { expect, test } from '@jest/globals';
import type { KeyEvent } from '../../transition.ts';
import {
  applyAll,
  claim,
  done,
  RUN_OUT,
  send,
  type Subject,
  tally,
} from './store-under-test.ts';

const RACERS = Array.from({ length: 50 }, (_, index) => index);

type Racer = (index: number) => readonly [key: string, event: KeyEvent];

/** What many get who come at the same time, half of them from elsewhere. */
export function specifyRaces(subject: Subject): void {
  const race = async (racer: Racer) => {
    const { store, elsewhere } = subject;
    const outcomes = RACERS.map((index) =>
      (index % 2 === 0 ? store : elsewhere).apply(...racer(index)),
    );
    return tally(await Promise.all(outcomes));
  };

  test('lets one of 50 claim a key', async () => {
    expect(await race(() => ['key', claim()])).toEqual({ claimed: 1, running: 49 });
  });

  test('lets one of 50 duplicates claim', async () => {
    const outcomes = await race((index) => [`key-${index}`, claim()]);
    expect(outcomes).toEqual({ claimed: 1, running: 49 });
    expect((await subject.database.records()).size).toBe(1);
  });

  test('lets one of 50 take a key over', async () => {
    await applyAll(subject.store, 'key', claim(), send(1, RUN_OUT));
    expect(await race(() => ['key', claim()])).toEqual({ claimed: 1, running: 49 });
  });

  test('lets one of 50 duplicates take the lease of another over', async () => {
    await applyAll(subject.store, 'duplicate', claim(), send(1, RUN_OUT));
    const outcomes = await race((index) => [`key-${index}`, claim()]);
    expect(outcomes).toEqual({ claimed: 1, running: 49 });
  });

  test('lets one body of 50 have a key', async () => {
    const outcomes = await race((index) => ['key', claim(`body-${index}`)]);
    expect(outcomes).toEqual({ claimed: 1, 'another-body': 49 });
  });

  test('lets one of 50 keys have a customer', async () => {
    const { store } = subject;
    await Promise.all(RACERS.map((index) => store.apply(`key-${index}`, claim(`body-${index}`))));
    const outcomes = await race((index) => [`key-${index}`, done()]);
    expect(outcomes).toEqual({ moved: 1, owned: 49 });
  });

  test('lets one of two events under the same claim win', async () => {
    await applyAll(subject.store, 'key', claim(), send());
    expect(await race(() => ['key', done()])).toEqual({ moved: 1, lost: 49 });
  });

  test('claims all of 50 keys that have nothing to do with each other', async () => {
    expect(await race((index) => [`key-${index}`, claim(`body-${index}`)])).toEqual({
      claimed: 50,
    });
  });
}
