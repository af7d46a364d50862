import type { Answer, History, Question, Stored } from './history.ts';
import type { Intent } from './intents.ts';

export type Rule =
  /** More customers of a content than creates of it. */
  | 'duplicate'
  /** More than creates of it that were not refused. */
  | 'left-by-a-refusal'
  /** A 201 names a customer that is not there, or is another than was asked for. */
  | 'not-there'
  | 'two-ids-of-a-key'
  | 'id-of-two-keys'
  /** In the end nobody can say whether the customer exists. */
  | 'unknown'
  | 'refused-after-created'
  | 'unexpected-answer'
  /** A customer that nobody has asked for. */
  | 'stray';

export interface Violation {
  readonly rule: Rule;
  readonly what: string;
}

export interface Figures {
  readonly creates: number;
  readonly questions: number;
  readonly created: number;
  readonly refused: number;
  readonly stored: number;
  /** Customers beyond one for each create. */
  readonly duplicates: number;
  /** Customers beyond those, of creates that were refused. */
  readonly leftByRefusals: number;
  /** Creates that were answered 201, and there is no customer for them. */
  readonly lost: number;
  /** Creates of which nobody can say whether they happened. */
  readonly unknown: number;
}

export interface Verdict {
  readonly figures: Figures;
  readonly violations: readonly Violation[];
}

interface Outcome {
  readonly intent: Intent;
  readonly ids: readonly string[];
  /** Of the answer that came last. */
  readonly end: Answer['kind'] | undefined;
}

/** Judges a history after whose end nothing was under way any more. */
export function checkHistory({ intents, questions, stored }: History): Verdict {
  const violations: Violation[] = [];
  const say = (rule: Rule, what: string) => void violations.push({ rule, what });
  const there = new Map(stored.map((each) => [each.id, each]));
  const named = new Map<string, Outcome>();
  const outcomes = intents.map((intent) => outcomeOf(intent, questions[intent.index] ?? []));
  let lost = 0;
  for (const outcome of outcomes) {
    const { intent, ids } = outcome;
    if (ids.length > 1) say('two-ids-of-a-key', `${nameOf(intent)}: ${ids.join(', ')}`);
    if (isUnknown(outcome)) say('unknown', nameOf(intent));
    let isOwn = ids.length === 0;
    for (const id of ids) {
      const other = named.get(id);
      if (other) say('id-of-two-keys', `${id}: ${nameOf(other.intent)} and ${nameOf(intent)}`);
      const isThere = isOf(intent, there.get(id));
      if (!isThere) say('not-there', `${id} of ${nameOf(intent)}`);
      if (!other && isThere) isOwn = true;
      named.set(id, outcome);
    }
    if (!isOwn) lost += 1;
    for (const what of oddities(questions[intent.index] ?? [])) {
      say(what.rule, `${nameOf(intent)}: ${what.what}`);
    }
  }
  const surplus = countSurplus(outcomes, stored, say);
  const of = (test: (outcome: Outcome) => boolean) => outcomes.filter(test).length;
  const figures = {
    creates: intents.length,
    questions: questions.reduce((sum, each) => sum + each.length, 0),
    created: of(isCreated),
    refused: of(isRefused),
    stored: stored.length,
    ...surplus,
    lost,
    unknown: of(isUnknown),
  };
  return { figures, violations };
}

function outcomeOf(intent: Intent, questions: readonly Question[]): Outcome {
  const ids = questions.flatMap(({ answer }) => (answer.kind === 'created' ? [answer.id] : []));
  return { intent, ids: [...new Set(ids)], end: questions.at(-1)?.answer.kind };
}

function isCreated({ ids }: Outcome): boolean {
  return ids.length > 0;
}

function isRefused({ ids, end }: Outcome): boolean {
  return ids.length === 0 && end === 'refused';
}

function isUnknown(outcome: Outcome): boolean {
  return !isCreated(outcome) && !isRefused(outcome);
}

/** Customers for which there is no create: what duplicates share is counted together. */
function countSurplus(
  outcomes: readonly Outcome[],
  stored: readonly Stored[],
  say: (rule: Rule, what: string) => void,
): Pick<Figures, 'duplicates' | 'leftByRefusals'> {
  const contents = Map.groupBy(outcomes, ({ intent }) => contentOf(intent));
  let [duplicates, leftByRefusals] = [0, 0];
  for (const [content, customers] of Map.groupBy(stored, contentOf)) {
    const asked = contents.get(content) ?? [];
    const refused = asked.filter(isRefused).length;
    const more = Math.max(0, customers.length - asked.length);
    const left = Math.max(0, customers.length - more - (asked.length - refused));
    duplicates += more;
    leftByRefusals += left;
    const what = `${content}: ${customers.length} customers, ${asked.length} creates, ${refused} refused`;
    if (asked.length === 0) say('stray', what);
    else if (more > 0) say('duplicate', what);
    if (left > 0) say('left-by-a-refusal', what);
  }
  return { duplicates, leftByRefusals };
}

function oddities(questions: readonly Question[]): Violation[] {
  const created = questions.filter(({ answer }) => answer.kind === 'created');
  const createdAt = Math.min(...created.map(({ endedAt }) => endedAt));
  return questions.flatMap(({ answer, begunAt }): Violation[] => {
    if (answer.kind === 'unexpected') return [{ rule: 'unexpected-answer', what: answer.why }];
    if (answer.kind !== 'refused' || begunAt < createdAt) return [];
    return [{ rule: 'refused-after-created', what: String(answer.status) }];
  });
}

function isOf(intent: Intent, customer: Stored | undefined): boolean {
  return customer !== undefined && contentOf(customer) === contentOf(intent);
}

function contentOf({ business, content }: Pick<Stored, 'business' | 'content'>): string {
  return `${content} in ${business}`;
}

function nameOf(intent: Intent): string {
  return `create ${intent.index} (${contentOf(intent)})`;
}
