import { type KeyEvent, type KeyOutcome, expired, isHeld } from '../key-record.ts';
import type { Rules } from './rules.fixture.ts';
import type { World } from './world.fixture.ts';

/** The content of every key. */
export const CONTENT = 'content';

export interface Applied {
  readonly world: World;
  readonly outcome: KeyOutcome;
}

/** What a store does with an event, in one step: `transition`, the twin rule, the unique customer. */
export function apply(world: World, key: string, event: KeyEvent, rules: Rules): Applied {
  const { now } = world;
  const twins = Object.keys(world.records).filter((each) => each !== key);
  let records = world.records;
  if (event.kind === 'done' && rules.unique) {
    const taken = twins.some((twin) => records[twin]?.customer === event.customer);
    const { record } = rules.transition(records[key], event, now, 0);
    if (taken && record) return { world, outcome: { kind: 'owned' } };
  }
  if (event.kind === 'claim' && rules.twinLock) {
    for (const twin of twins) {
      const record = records[twin];
      if (!record || !isHeld(record)) continue;
      const leftMs = record.leaseUntilMs - now;
      if (leftMs <= 0) records = { ...records, [twin]: expired(record) };
      else if (rules.transition(records[key], event, now, 0).outcome.kind === 'claimed') {
        return { world, outcome: { kind: 'running', leftMs } };
      }
    }
  }
  const unsettled = twins.filter((twin) => records[twin]?.state === 'unknown').length;
  const { record, outcome } = rules.transition(records[key], event, now, unsettled);
  if (record) records = { ...records, [key]: record };
  return { world: { ...world, records }, outcome };
}

/** Whether another key than `key` has the customer. */
export function ownedByAnother(world: World, key: string, customer: string): boolean {
  return Object.entries(world.records).some(
    ([other, record]) => other !== key && record.customer === customer,
  );
}
