import type { CollectionModel } from './collection-model.ts';
import { type Action, type Operation, type Step, TOKENS } from './operations.ts';

/** How a request is refused. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly refusedBy: 'proxy' | 'Graph';
  /** The targets in `error.details`. */
  readonly details?: readonly string[];
}

/** A request without a token that verifies: a batch is refused so as a whole. */
export const NO_TOKEN = {
  status: 401,
  code: 'InvalidAuthenticationToken',
  refusedBy: 'proxy',
} as const;
/** A part of a batch that follows one which was refused. */
export const AFTER_REFUSAL = {
  status: 424,
  code: 'FailedDependency',
  refusedBy: 'proxy',
} as const;

const WRITES: readonly Action['kind'][] = ['create', 'update', 'delete'];

/**
 * The first reason to refuse a request; undefined when it succeeds.
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
  const spoilt = 'query' in action ? action.query.spoilt : undefined;
  const details = spoilt?.refusedBy === 'proxy' ? ['query'] : brokenRules(action);
  if (details.length > 0) {
    return { status: 400, code: 'BadRequest', refusedBy: 'proxy', details };
  }
  if (place === 'nowhere') {
    return { status: 404, code: 'ErrorNonExistentMailbox', refusedBy: 'Graph' };
  }
  if (spoilt) return { status: 400, code: spoilt.code, refusedBy: 'Graph' };
  if (id === undefined || model.has(id)) return undefined;
  return { status: 404, code: 'ErrorItemNotFound', refusedBy: 'Graph' };
}

/** What the proxy finds wrong with a body. */
function brokenRules(action: Action): readonly string[] {
  if (!('body' in action)) return [];
  const { values, spoilt } = action.body;
  if (spoilt) return spoilt.targets;
  return action.kind === 'update' && Object.keys(values).length === 0 ? [''] : [];
}
