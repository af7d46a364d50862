import { type KeyEvent, type KeyOutcome, expired, isHeld } from '../../transition.ts';
import type { Rules } from './rules.ts';
import type { World } from './model.ts';

/** The content of every key. */
export const CONTENT = 'content';

export interface Applied {
  readonly world: World;
  readonly outcome: KeyOutcome;
}

/** What a store does with an event, in one step: `transition`, the duplicate rule, the unique customer. */
export function apply(world: World, key: string, event: KeyEvent, rules: Rules): Applied {
  const { now } = world;
  const duplicates = Object.keys(world.records).filter((each) => each !== key);
  let records = world.records;
  if (event.kind === 'done' && rules.unique) {
    const taken = duplicates.some((duplicate) => records[duplicate]?.customer === event.customer);
    const { record } = rules.transition(records[key], event, now, 0);
    if (taken && record) return { world, outcome: { kind: 'owned' } };
  }
  if (event.kind === 'claim' && rules.twinLock) {
    for (const duplicate of duplicates) {
      const record = records[duplicate];
      if (!record || !isHeld(record)) continue;
      const leftMs = record.leaseUntilMs - now;
      if (leftMs <= 0) records = { ...records, [duplicate]: expired(record) };
      else if (rules.transition(records[key], event, now, 0).outcome.kind === 'claimed') {
        return { world, outcome: { kind: 'running', leftMs } };
      }
    }
  }
  const unsettled = duplicates.filter((duplicate) => records[duplicate]?.state === 'unknown').length;
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
