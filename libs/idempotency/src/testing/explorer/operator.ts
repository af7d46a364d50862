import { lookupOf } from '../../acquire.ts';
import { unexpired } from '../../lease.ts';
import { withinClock } from '../../store-time.ts';
import type { KeyRecord } from '../../transition.ts';
import { type Model, type Settlement, type Step, spend } from './model.ts';
import type { Rules } from './rules.ts';
import { apply, elapsedTimeOf, ownedByAnother, timeOf } from './store.ts';

/** What an operator does to unknown keys, and what happens to records past the store. */
export function operatorSteps(model: Model, rules: Rules): Step[] {
  const { left, records, settlement } = model;
  const steps: Step[] = settlement ? [settleStep(model, settlement, rules)] : [];
  for (const [key, record] of Object.entries(records)) {
    if (left.settlements > 0) steps.push(...readSteps(model, key, record, rules));
    if (left.damages > 0) {
      const damaged = damagedRecord(record);
      const damagedModel = { ...model, records: { ...records, [key]: damaged } };
      steps.push({
        label: `the record of ${key} is damaged`,
        model: spend(damagedModel, 'damages'),
      });
    }
  }
  return steps;
}

/** As `recordOf` in `stored-record.ts` reads a row with an invalid value. */
function damagedRecord(record: KeyRecord): KeyRecord {
  return { ...record, state: 'done', response: undefined };
}

/** Reads an unknown key and the list. Only a certain result is settled. */
function readSteps(model: Model, key: string, stored: KeyRecord, rules: Rules): Step[] {
  const time = timeOf(model);
  const record = unexpired(withinClock(stored, time), time.nowMs);
  if (record?.state !== 'unknown' || record.customer !== undefined) return [];
  const lookup = lookupOf(record, { time, unknownDuplicates: 0, guard: model.guard });
  const sentAt = elapsedTimeOf(model, lookup.sentAtMs);
  const windowEnd = elapsedTimeOf(model, lookup.abandonedAtMs) + rules.settle;
  if (rules.operatorWaits && model.now <= windowEnd) return [];
  const found = model.customers.filter(
    ({ id, createdAt, fate }) =>
      createdAt >= sentAt && fate !== 'deleted' && !ownedByAnother(model, key, id),
  );
  const [first, ...more] = found;
  if (more.length > 0 || (first && (first.createdAt > windowEnd || first.fate === 'edited'))) {
    return [];
  }
  const { fence, changedAtMs } = stored;
  const settlement = { key, revision: { fence, changedAtMs }, customer: first?.id };
  const label = `an operator lists for ${key}: ${first?.id ?? 'none'}`;
  return [{ label, model: { ...spend(model, 'settlements'), settlement } }];
}

function settleStep(model: Model, settlement: Settlement, rules: Rules): Step {
  const { key, customer, revision } = settlement;
  const event = {
    kind: 'resolve',
    customer,
    ...(rules.operatorIsFenced && { revision }),
  } as const;
  const { model: next, outcome } = apply(model, key, event, rules);
  const label = `an operator settles ${key}: ${outcome.kind}`;
  return { label, model: { ...next, settlement: undefined } };
}
