import type { CollectionModel } from './collection-model.ts';
import { type Action, type Operation, type Step, TOKENS } from './operations.ts';

/** The expected error of a request. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly refusedBy: 'proxy' | 'Graph';
  /** The targets in `error.details`. */
  readonly details?: readonly string[];
}

/** The error of a request without a valid token. A batch is refused as a whole. */
export const NO_TOKEN = {
  status: 401,
  code: 'InvalidAuthenticationToken',
  refusedBy: 'proxy',
} as const;
/** The error of a part that depends on a failed part. */
export const AFTER_REFUSAL = {
  status: 424,
  code: 'FailedDependency',
  refusedBy: 'proxy',
} as const;

const WRITES: readonly Action['kind'][] = ['create', 'update', 'delete'];

/**
 * Predicts the error of a request; undefined when it succeeds.
 *
 * @param id of the customer that the request names
 */
export function predictedRefusal(
  token: Operation['token'],
  { place, action }: Step,
  id: string | undefined,
  model: CollectionModel,
): Refusal | undefined {
  if (token === 'none') return NO_TOKEN;
  const { may } = TOKENS[token];
  if (may === 'nothing' || (may === 'read' && WRITES.includes(action.kind))) {
    const details = ['scopes' in TOKENS[token] ? 'scp' : 'roles'];
    return { status: 403, code: 'Authorization_RequestDenied', refusedBy: 'proxy', details };
  }
  const invalid = 'query' in action ? action.query.invalid : undefined;
  const details = invalid?.refusedBy === 'proxy' ? ['query'] : brokenRules(action);
  if (details.length > 0) {
    return { status: 400, code: 'BadRequest', refusedBy: 'proxy', details };
  }
  if (place === 'nowhere') {
    return { status: 404, code: 'ErrorNonExistentMailbox', refusedBy: 'Graph' };
  }
  if (invalid) return { status: 400, code: invalid.code, refusedBy: 'Graph' };
  if (id === undefined || model.has(id)) return undefined;
  return { status: 404, code: 'ErrorItemNotFound', refusedBy: 'Graph' };
}

/** Targets of the violations in a body. */
function brokenRules(action: Action): readonly string[] {
  if (!('body' in action)) return [];
  const { values, invalid } = action.body;
  if (invalid) return invalid.targets;
  return action.kind === 'update' && Object.keys(values).length === 0 ? [''] : [];
}
