import { isBusinessId } from '@bookings/domain';
import { StoreConnection } from '@bookings/idempotency';
import type { PermitsSnapshot } from '@bookings/mailbox-permits';
import { readIdempotency } from './config/idempotency.ts';
import { type Environment, withoutFaults } from './command-line/command-settings.ts';
import { CommandError } from './command-line/command-error.ts';

const USAGE = `usage: STATE_URL=postgres://… STATE_SECRET=… node apps/api/dist/mailboxes.js [BUSINESS]
  prints what the processes hold of the limit of each mailbox, or of one: permits with their process
  and lease, processes that wait, pauses and learned limits. Mailboxes are digests.`;

/**
 * Prints the permits of mailboxes.
 *
 * @returns the output
 * @throws CommandError
 */
export async function runMailboxesCommand(
  args: readonly string[],
  env: Environment,
): Promise<string> {
  if (args.includes('--help')) return `${USAGE}\n`;
  const [business, ...more] = args;
  const isNamed = business !== undefined;
  if (more.length > 0 || (isNamed && (business.startsWith('-') || !isBusinessId(business)))) {
    throw new CommandError(USAGE);
  }
  const { concurrency, ...config } = withoutFaults(env, (reader) => ({
    ...readIdempotency(reader),
    concurrency: reader.integer('MAILBOX_CONCURRENCY', 1, 1000),
  }));
  if (!config.url.startsWith('postgres')) {
    throw new CommandError('STATE_URL names no PostgreSQL: one process shares no limit');
  }
  // The name of a mailbox in the rows depends on the data key in the store.
  const store = new StoreConnection(config);
  try {
    const digest = isNamed ? (await store.connect()).secret.mailboxDigest(business) : undefined;
    const { inspectPermits } = await import('@bookings/mailbox-permits');
    const snapshot = await inspectPermits(config.url, digest);
    return snapshot
      ? text(snapshot, concurrency)
      : 'no process has used this database for permits\n';
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error));
  } finally {
    await store.close();
  }
}

function text(
  { permits, waiting, states, processes, recoveringMs }: PermitsSnapshot,
  concurrency: number,
): string {
  const lines = [
    ['processes', processes],
    ...(recoveringMs > 0 ? [['recovering', left(recoveringMs)]] : []),
    ...permits.map(({ mailbox, slot, process, leaseLeftMs }) => [
      'permit',
      mailbox,
      `slot ${slot}`,
      process,
      left(leaseLeftMs),
    ]),
    ...waiting.map(({ mailbox, process, wanted, waitedMs }) => [
      'waits',
      mailbox,
      `wants ${wanted}`,
      process,
      `for ${seconds(waitedMs)}`,
    ]),
    ...states.flatMap(({ mailbox, pauseLeftMs, learnedLimit }) => [
      ...(pauseLeftMs > 0 ? [['paused', mailbox, left(pauseLeftMs)]] : []),
      // It rises with each quiet minute, until it says nothing any more.
      ...(learnedLimit === null || learnedLimit >= concurrency
        ? []
        : [['learned limit', mailbox, learnedLimit]]),
    ]),
  ];
  return `${lines.map((columns) => columns.join('\t')).join('\n')}\n`;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const left = (ms: number) => `${seconds(ms)} left`;
