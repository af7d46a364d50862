import type { IdempotencyStore } from '@bookings/idempotency';
import { CommandError } from '../command-line/command-error.ts';

const DONE = 'the previous secret no longer opens the store\n';
const REPEATED = 'STATE_SECRET_PREVIOUS already did not open the store: nothing has changed\n';

/**
 * Ends that the previous secret opens the store.
 *
 * @param store opened with `STATE_SECRET` alone
 * @throws CommandError when another secret than `STATE_SECRET` still opens the store, or both are equal
 */
export async function forgetSecret(
  store: IdempotencyStore,
  previousSecret: string | undefined,
): Promise<string> {
  if (previousSecret === undefined) {
    throw new CommandError('STATE_SECRET_PREVIOUS is not set: it names the secret to forget');
  }
  const { was, othersOpen } = await store.forgetSecret(previousSecret);
  if (was === 'current') {
    throw new CommandError(
      'STATE_SECRET and STATE_SECRET_PREVIOUS are equal: STATE_SECRET must be the new secret',
    );
  }
  if (othersOpen) {
    throw new CommandError(
      'another secret still opens the store: repeat the command with it as STATE_SECRET_PREVIOUS',
      was === 'known' ? DONE : '',
    );
  }
  return was === 'known' ? DONE : REPEATED;
}
