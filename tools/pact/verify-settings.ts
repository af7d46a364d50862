import { CommandError } from './command-error.ts';

const TIMEOUT_MS = 600_000;

/**
 * How long `pact:verify` may take for both providers.
 *
 * @throws CommandError if the setting is invalid
 */
export function verifyTimeoutMs(env: NodeJS.ProcessEnv): number {
  const timeoutMs = Number(env['PACT_VERIFY_TIMEOUT_MS'] ?? TIMEOUT_MS);
  if (Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= TIMEOUT_MS) return timeoutMs;
  throw new CommandError(`PACT_VERIFY_TIMEOUT_MS must be a whole number from 1 to ${TIMEOUT_MS}`);
}

/** Why results are not published; undefined if they are. */
export function whyLocal({ CI }: NodeJS.ProcessEnv): string | undefined {
  if (CI === 'true') return undefined;
  return CI === undefined || CI === ''
    ? 'CI is not set, and only CI=true publishes'
    : 'only CI=true publishes, and CI has another value';
}
