import { GraphError } from '@bookings/domain';
import { type Fit, type OpenStore, UnknownKeyLookup } from '@bookings/idempotency';
import { type Environment } from '../command-line/command-settings.ts';
import { graphFault, withGraph } from './graph-access.ts';
import { CommandError } from '../command-line/command-error.ts';

/** What an operator says about a key. */
export interface NamedCustomer {
  readonly business: string;
  readonly id: string;
  /** Whether the customer is not compared. */
  readonly unchecked: boolean;
}

const UNCHECKED = 'If it is the one all the same, repeat the command with --unchecked.';

/** Why a customer does not fit. */
const REFUSALS: Readonly<Record<Exclude<Fit['match'], 'full'>, string>> = {
  partial: 'the customer agrees only in the e-mail address, or only in the name without one',
  none: 'the customer differs from the one that was sent',
  'created-before': 'the customer was created before the attempt',
};

/**
 * Names the customer of an unknown key, if it fits. Nothing changes otherwise.
 *
 * @throws CommandError when it does not fit
 */
export async function resolveCreated(
  open: OpenStore,
  key: string,
  { business, id, unchecked }: NamedCustomer,
  env: Environment,
): Promise<string> {
  const [lookup] = await UnknownKeyLookup.read(open, 1, key);
  if (!lookup) throw notUnknown();
  const { comparisons } = lookup;
  if (!comparisons && !unchecked) {
    throw new CommandError(
      `the record of the key is from an earlier release and cannot be compared. ${UNCHECKED}`,
    );
  }
  if (comparisons && !comparisons.isOf(business)) {
    throw new CommandError('the key belongs to another business');
  }
  const named = unchecked ? id : await checkedId(lookup, business, id, env);
  const { kind } = await lookup.resolve(open.secret.customerDigest(business, named));
  if (kind === 'owned-by-another') {
    throw new CommandError('this customer already belongs to another key');
  }
  if (kind !== 'updated') throw new CommandError('the key has changed: look at it again');
  const compared = unchecked ? 'unchecked' : 'the customer agrees in full';
  return `resolved (${compared}): the next create with this key returns the customer\n`;
}

/** Says that the key has no customer. */
export async function resolveNotCreated({ store }: OpenStore, key: string): Promise<string> {
  const { kind } = await store.apply(key, { kind: 'resolve', customer: undefined });
  if (kind !== 'updated') throw notUnknown();
  return 'resolved: the key can be reused\n';
}

function notUnknown(): CommandError {
  return new CommandError('the key does not exist, or its outcome is known');
}

/** @returns the id as Graph writes it */
async function checkedId(
  lookup: UnknownKeyLookup,
  business: string,
  id: string,
  env: Environment,
): Promise<string> {
  const fit = await withGraph(env, async (graph) => {
    try {
      const customer = await graph.gateway.getCustomer(business, id, '', graph.request());
      return await lookup.fit(business, customer);
    } catch (error) {
      throw new CommandError(reasonOf(error));
    }
  });
  if (fit.match === 'full') return fit.id;
  throw new CommandError(`${REFUSALS[fit.match]}. ${UNCHECKED}`);
}

function reasonOf(error: unknown): string {
  if (error instanceof GraphError && error.graphOrigin?.status === 404) {
    return 'Graph shows the proxy no such customer in this business';
  }
  const { problem, advice } = graphFault(error);
  return `the customer cannot be compared: ${problem}\n  ${advice}`.trim();
}
