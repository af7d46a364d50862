import { type KeyEvent, type KeyOutcome, afterExpiry, isHeld } from '../../transition.ts';
import type { Rules } from './rules.ts';
import type { Model } from './model.ts';

/** The fingerprint of every key. */
export const FINGERPRINT = 'fingerprint';

export interface Applied {
  readonly model: Model;
  readonly outcome: KeyOutcome;
}

/** Applies an event like a store: `transition`, the duplicate rule, and unique customers. */
export function apply(model: Model, key: string, event: KeyEvent, rules: Rules): Applied {
  const { now } = model;
  const duplicates = Object.keys(model.records).filter((each) => each !== key);
  let records = model.records;
  if (event.kind === 'complete' && rules.unique) {
    const taken = duplicates.some((duplicate) => records[duplicate]?.customer === event.customer);
    const { record } = rules.transition(records[key], event, now, 0);
    if (taken && record) return { model, outcome: { kind: 'owned-by-another' } };
  }
  if (event.kind === 'acquire' && rules.duplicateLock) {
    for (const duplicate of duplicates) {
      const record = records[duplicate];
      if (!record || !isHeld(record)) continue;
      const leftMs = record.leaseUntilMs - now;
      if (leftMs <= 0) records = { ...records, [duplicate]: afterExpiry(record) };
      else if (rules.transition(records[key], event, now, 0).outcome.kind === 'acquired') {
        return { model, outcome: { kind: 'in-progress', leftMs } };
      }
    }
  }
  const unknown = duplicates.filter((duplicate) => records[duplicate]?.state === 'unknown').length;
  const { record, outcome } = rules.transition(records[key], event, now, unknown);
  if (record) records = { ...records, [key]: record };
  return { model: { ...model, records }, outcome };
}

/** Whether another key than `key` has the customer. */
export function ownedByAnother(model: Model, key: string, customer: string): boolean {
  return Object.entries(model.records).some(
    ([other, record]) => other !== key && record.customer === customer,
  );
}
