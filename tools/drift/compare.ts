import { type ApiModel, type Element, type Fact, isCollection } from './api-model.ts';

/**
 * How much a change matters. `breaking`: a request that works today may fail, or a response may be
 * other than the project expects. `additive`: what works today goes on working. `annotation`: only a
 * remark in the metadata changed.
 */
export type Grade = 'breaking' | 'additive' | 'annotation';

export interface Change {
  readonly op: 'added' | 'removed' | 'changed';
  /** As it is now; as it was if it was removed. */
  readonly element: Element;
  /** What changed, of an element that is in both. */
  readonly fact?: string;
  readonly before?: Fact;
  readonly after?: Fact;
  readonly grade: Grade;
}

/**
 * The changes from one model to another, sorted by element. Facts that only one of them states are
 * not compared. The order of elements means nothing.
 */
export function compare(before: ApiModel, after: ApiModel): readonly Change[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => elementChanges(before.get(key), after.get(key)));
}

/** Whether there is a change that someone must look at. */
export function isDrift(changes: readonly Change[]): boolean {
  return changes.some(({ grade }) => grade !== 'annotation');
}

function elementChanges(before: Element | undefined, after: Element | undefined): Change[] {
  if (before === undefined) {
    if (after === undefined) return [];
    return [{ op: 'added', element: after, grade: gradeOf(after, isHarmless(after)) }];
  }
  if (after === undefined) {
    return [{ op: 'removed', element: before, grade: gradeOf(before, false) }];
  }
  return Object.entries(after.facts).flatMap(([fact, value]): Change[] => {
    const known = before.facts[fact];
    if (known === undefined || known === value) return [];
    const grade = gradeOf(after, isHarmlessChange(fact, value));
    return [{ op: 'changed', element: after, fact, before: known, after: value, grade }];
  });
}

function gradeOf({ kind }: Element, harmless: boolean): Grade {
  if (kind === 'annotation') return 'annotation';
  return harmless ? 'additive' : 'breaking';
}

/** A property that a create must have is the only new element that can break one. */
function isHarmless({ kind, facts }: Element): boolean {
  return kind !== 'property' || facts['nullable'] !== false || isCollection(facts['type']);
}

/** Whether it takes nothing away that the fact now has this value. */
function isHarmlessChange(fact: string, value: Fact): boolean {
  switch (fact) {
    // Which permission is the least one, and how Microsoft ranks it, changes no rights.
    case 'leastPrivileged':
    case 'privilegeLevel':
    case 'timesListed':
      return true;
    case 'requiresAdminConsent':
      return value === false;
    case 'alsoRequires':
      return value === '';
    case 'openType':
      return value === true;
    default:
      return false;
  }
}
