import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { foldBusinessId } from '@bookings/domain';
import {
  CustomerLists,
  type OpenStore,
  type Settlement,
  UnknownKeyLookup,
} from '@bookings/idempotency';
import type { OwnAccess } from '../graph/own-access.ts';
import { type Audited, readAudit } from './audited-keys.ts';
import { type Environment } from '../command-line/command-settings.ts';
import { graphFault, withGraph } from './graph-access.ts';
import { CommandError } from '../command-line/command-error.ts';

export interface SettleOptions {
  readonly auditFiles: readonly string[];
  readonly businesses: readonly string[];
  readonly settleMs: number;
}

/** More than a store of unknown keys that someone looks after has. */
const MAX_KEYS = 100_000;

const DONE: Readonly<Record<Settlement, readonly [string, string]>> = {
  adopted: ['settled', 'one customer agrees in full: the next create with the key returns it'],
  freed: ['freed', 'no customer agrees: the key can be used again'],
  inconclusive: ['stays', 'it is not certain that a customer is its: compare in Bookings'],
  changed: ['stays', 'a request has used the key in the meantime'],
};

/** The lines of the output, by key. */
type Results = Map<UnknownKeyLookup, readonly [string, string]>;

/**
 * Settles the unknown keys whose business is known and can be read, and says of every key what was
 * done, and why.
 *
 * @throws CommandError with the output, when the list of a business cannot be read
 */
export async function settleUnknown(
  open: OpenStore,
  options: SettleOptions,
  env: Environment,
): Promise<string> {
  const found = await UnknownKeyLookup.read(open, MAX_KEYS);
  if (found.length === 0) return 'no key has an unknown outcome\n';
  const wanted = new Set(found.map(({ unknown }) => unknown.key));
  const audited = await readAudit(options.auditFiles, wanted);
  const results: Results = new Map();
  const groups = new Map<string, UnknownKeyLookup[]>();
  const businesses = distinct([...options.businesses, ...audited.businesses]);
  for (const lookup of found) {
    const business = businesses.find((each) => lookup.comparisons?.isOf(each));
    const reason = obstacle(lookup, audited, business, options.settleMs);
    if (reason !== undefined) results.set(lookup, ['stays', reason]);
    else if (business !== undefined) {
      groups.set(business, [...(groups.get(business) ?? []), lookup]);
    }
  }
  const unreadable: string[] = [];
  await withGraph(env, async (graph, deadlineMs) => {
    const lists = new CustomerLists(graph.gateway, deadlineMs);
    for (const [business, lookups] of groups) {
      const fault = await settleBusiness(business, lookups, { graph, lists, results, ...options });
      if (fault !== undefined) unreadable.push(fault);
    }
  });
  const lines = found.map((lookup) =>
    [lookup.unknown.key, ...(results.get(lookup) ?? [])].join('\t'),
  );
  const output = `${lines.join('\n')}\n`;
  if (unreadable.length > 0) throw new CommandError(unreadable.join('\n'), output);
  return output;
}

function distinct(businesses: readonly string[]): readonly string[] {
  return [...new Map(businesses.map((each) => [foldBusinessId(each), each])).values()];
}

/** Why a key cannot be settled, if it cannot. */
function obstacle(
  { unknown, comparisons, endedAtMs }: UnknownKeyLookup,
  audited: Audited,
  business: string | undefined,
  settleMs: number,
): string | undefined {
  if (unknown.isDamaged) return 'its record is damaged: resolve it';
  if (unknown.isResolved)
    return 'already resolved: the next create with the key returns a customer';
  if (!comparisons) return 'its record is from an earlier release: resolve it by hand';
  if (audited.keys.get(unknown.key)?.tokenKind === 'delegated') {
    return `it needs a user's identity: wait for the repeat of the user, or resolve it by hand`;
  }
  if (business === undefined)
    return 'its business is not known: name it with --audit or --business';
  return endedAtMs > performance.now() + settleMs ? 'its attempt may still run' : undefined;
}

interface Settling extends SettleOptions {
  readonly graph: OwnAccess;
  readonly lists: CustomerLists;
  readonly results: Results;
}

/**
 * Waits for the settling time of every key, and then reads one list.
 *
 * @returns why the list could not be read or used
 */
async function settleBusiness(
  business: string,
  lookups: readonly UnknownKeyLookup[],
  { graph, lists, results, settleMs }: Settling,
): Promise<string | undefined> {
  const notBeforeMs = Math.max(...lookups.map(({ endedAtMs }) => endedAtMs)) + settleMs;
  // Timers count whole milliseconds, and may fire a little early.
  while (performance.now() < notBeforeMs) await sleep(notBeforeMs - performance.now() + 1);
  try {
    const list = await lists.complete({ business, request: graph.request(), notBeforeMs });
    // One after the other: what one key adopts does not count for the next.
    for (const lookup of lookups) {
      results.set(lookup, DONE[await lookup.settle(business, list, settleMs)]);
    }
    return undefined;
  } catch (error) {
    const { problem, advice } = graphFault(error);
    for (const lookup of lookups) {
      if (!results.has(lookup))
        results.set(lookup, ['stays', `it cannot be looked up: ${problem}`]);
    }
    return `${business} cannot be looked up: ${problem}\n  ${advice}`.trim();
  }
}
