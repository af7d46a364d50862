import type { Attempt, AttemptResult, History, StoredCustomer } from './history.ts';
import type { Intent } from './intents.ts';

export type Rule =
  /** There are more customers with a fingerprint than creates. */
  | 'duplicate'
  /** There are more customers with a fingerprint than creates that were not refused. */
  | 'stored-although-refused'
  /** A 201 names a customer that does not exist or belongs to another create. */
  | 'missing'
  | 'two-ids-for-one-key'
  | 'one-id-for-two-keys'
  /** The outcome is unknown at the end of the run. */
  | 'unknown'
  | 'refused-after-created'
  | 'unexpected-response'
  /** There is a customer without a create. */
  | 'unrequested';

export interface Violation {
  readonly rule: Rule;
  readonly details: string;
}

export interface Figures {
  readonly creates: number;
  readonly attempts: number;
  readonly created: number;
  readonly refused: number;
  readonly stored: number;
  /** Customers in excess of one for each create. */
  readonly duplicates: number;
  /** Further customers, whose creates were refused. */
  readonly storedAlthoughRefused: number;
  /** Creates with a 201 for which there is no customer. */
  readonly lost: number;
  /** Creates whose outcome is unknown. */
  readonly unknown: number;
}

export interface Verdict {
  readonly figures: Figures;
  readonly violations: readonly Violation[];
}

interface Outcome {
  readonly intent: Intent;
  readonly ids: readonly string[];
  readonly lastResult: AttemptResult['kind'] | undefined;
}

type Report = (rule: Rule, details: string) => void;

/** Checks the history of a run that has ended. Nothing may be in progress any more. */
export function checkHistory({ intents, attempts, stored }: History): Verdict {
  const violations: Violation[] = [];
  const report: Report = (rule, details) => void violations.push({ rule, details });
  const storedById = new Map(stored.map((each) => [each.id, each]));
  const outcomeById = new Map<string, Outcome>();
  const outcomes = intents.map((intent) => outcomeOf(intent, attempts[intent.index] ?? []));
  let lost = 0;
  for (const outcome of outcomes) {
    const { intent, ids } = outcome;
    if (ids.length > 1) report('two-ids-for-one-key', `${nameOf(intent)}: ${ids.join(', ')}`);
    if (isUnknown(outcome)) report('unknown', nameOf(intent));
    let hasOwnCustomer = ids.length === 0;
    for (const id of ids) {
      const other = outcomeById.get(id);
      if (other) {
        report('one-id-for-two-keys', `${id}: ${nameOf(other.intent)} and ${nameOf(intent)}`);
      }
      const isStored = isFor(intent, storedById.get(id));
      if (!isStored) report('missing', `${id} of ${nameOf(intent)}`);
      if (!other && isStored) hasOwnCustomer = true;
      outcomeById.set(id, outcome);
    }
    if (!hasOwnCustomer) lost += 1;
    for (const { rule, details } of wrongResults(attempts[intent.index] ?? [])) {
      report(rule, `${nameOf(intent)}: ${details}`);
    }
  }
  const count = (test: (outcome: Outcome) => boolean) => outcomes.filter(test).length;
  const figures = {
    creates: intents.length,
    attempts: attempts.reduce((sum, each) => sum + each.length, 0),
    created: count(isCreated),
    refused: count(isRefused),
    stored: stored.length,
    ...countSurplus(outcomes, stored, report),
    lost,
    unknown: count(isUnknown),
  };
  return { figures, violations };
}

function outcomeOf(intent: Intent, attempts: readonly Attempt[]): Outcome {
  const ids = attempts.flatMap(({ result }) => (result.kind === 'created' ? [result.id] : []));
  return { intent, ids: [...new Set(ids)], lastResult: attempts.at(-1)?.result.kind };
}

function isCreated({ ids }: Outcome): boolean {
  return ids.length > 0;
}

function isRefused({ ids, lastResult }: Outcome): boolean {
  return ids.length === 0 && lastResult === 'refused';
}

function isUnknown(outcome: Outcome): boolean {
  return !isCreated(outcome) && !isRefused(outcome);
}

/** Counts customers without a create. Creates with the same fingerprint are counted together. */
function countSurplus(
  outcomes: readonly Outcome[],
  stored: readonly StoredCustomer[],
  report: Report,
): Pick<Figures, 'duplicates' | 'storedAlthoughRefused'> {
  const outcomesByGroup = Map.groupBy(outcomes, ({ intent }) => groupOf(intent));
  let [duplicates, storedAlthoughRefused] = [0, 0];
  for (const [group, customers] of Map.groupBy(stored, groupOf)) {
    const creates = outcomesByGroup.get(group) ?? [];
    const refused = creates.filter(isRefused).length;
    const surplus = Math.max(0, customers.length - creates.length);
    const unexplained = customers.length - surplus - (creates.length - refused);
    duplicates += surplus;
    storedAlthoughRefused += Math.max(0, unexplained);
    const details = `${group}: ${customers.length} customers, ${creates.length} creates, ${refused} refused`;
    if (creates.length === 0) report('unrequested', details);
    else if (surplus > 0) report('duplicate', details);
    if (unexplained > 0) report('stored-although-refused', details);
  }
  return { duplicates, storedAlthoughRefused };
}

function wrongResults(attempts: readonly Attempt[]): Violation[] {
  const created = attempts.filter(({ result }) => result.kind === 'created');
  const createdAt = Math.min(...created.map(({ endedAt }) => endedAt));
  return attempts.flatMap(({ result, startedAt }): Violation[] => {
    if (result.kind === 'unexpected') {
      return [{ rule: 'unexpected-response', details: result.reason }];
    }
    if (result.kind !== 'refused' || startedAt < createdAt) return [];
    return [{ rule: 'refused-after-created', details: String(result.status) }];
  });
}

function isFor(intent: Intent, customer: StoredCustomer | undefined): boolean {
  return customer !== undefined && groupOf(customer) === groupOf(intent);
}

function groupOf({
  business,
  fingerprint,
}: Pick<StoredCustomer, 'business' | 'fingerprint'>): string {
  return `${fingerprint} in ${business}`;
}

function nameOf(intent: Intent): string {
  return `create ${intent.index} (${groupOf(intent)})`;
}
