import { customerOf } from '../../store-transition.ts';
import { afterExpiry, hasExpired, kept } from '../../lease.ts';
import { type StoreTime, withinClock } from '../../store-time.ts';
import { type Change, type KeyEvent, type KeyOutcome, isHeld } from '../../transition.ts';
import { type Model, storeNow } from './model.ts';
import type { Rules } from './rules.ts';

/** The fingerprint of every key. */
export const FINGERPRINT = 'fingerprint';

export interface Applied {
  readonly model: Model;
  readonly outcome: KeyOutcome;
}

/** Applies an event like a store: `transition`, the duplicate rule, and unique customers. */
export function apply(model: Model, key: string, event: KeyEvent, rules: Rules): Applied {
  const { lastFence } = model;
  const time = timeOf(model);
  const duplicates = Object.keys(model.records).filter((each) => each !== key);
  let records = model.records;
  const found = records[key];
  const nextFence = rules.nextFence(lastFence, found);
  const guard = model.guard && time.nowMs < model.guard.untilMs ? model.guard : undefined;
  const apart = { time, unknownDuplicates: 0, nextFence, guard };
  const customer = customerOf(event);
  if (customer !== undefined && rules.unique) {
    const taken = duplicates.some((duplicate) => records[duplicate]?.customer === customer);
    const { change } = rules.transition(found, event, apart);
    if (taken && change) return { model, outcome: { kind: 'owned-by-another' } };
  }
  if (event.kind === 'acquire' && rules.duplicateLock) {
    for (const duplicate of duplicates) {
      const stored = records[duplicate];
      const record = stored && withinClock(stored, time);
      if (!record || !isHeld(record)) continue;
      if (!event.heldHere && hasExpired(record, time.nowMs)) {
        records = changed(records, duplicate, kept(afterExpiry(record)));
      } else if (rules.transition(found, event, apart).outcome.kind === 'acquired') {
        const leftMs = record.leaseUntilMs - time.nowMs;
        const corrected =
          record === stored ? model : { ...model, records: changed(records, duplicate, record) };
        return { model: corrected, outcome: { kind: 'in-progress', leftMs } };
      }
    }
  }
  const unknown = duplicates.filter((duplicate) => records[duplicate]?.state === 'unknown').length;
  const context = { ...apart, unknownDuplicates: unknown };
  const { change, outcome } = rules.transition(found, event, context);
  const others = model.freed.filter((each) => each !== key);
  const next = {
    ...model,
    records: changed(records, key, change),
    freed: change === 'deleted' ? [...others, key] : change ? others : model.freed,
    lastFence: outcome.kind === 'acquired' ? outcome.fence : lastFence,
  };
  return { model: next, outcome };
}

/** Processes measure the time between two looks at the store's clock by their own. */
export function elapsedTimeOf(model: Model, storeTime: number): number {
  return storeTime - model.storeClock.ahead;
}

/** What the store's clock shows. */
export function timeOf(model: Model): StoreTime {
  const { evenSince } = model.storeClock;
  return { nowMs: storeNow(model), evenSinceMs: evenSince, leasesSinceMs: evenSince };
}

function changed(
  records: Model['records'],
  key: string,
  change: Change | undefined,
): Model['records'] {
  if (change === undefined) return records;
  if (change !== 'deleted') return { ...records, [key]: change };
  return Object.fromEntries(Object.entries(records).filter(([each]) => each !== key));
}

/** Whether another key than `key` has the customer. */
export function ownedByAnother(model: Model, key: string, customer: string): boolean {
  return Object.entries(model.records).some(
    ([other, record]) => other !== key && record.customer === customer,
  );
}
