import { stripVTControlCharacters } from 'node:util';
import { Verifier, type VerifierOptions } from '@pact-foundation/pact';
import { type Pacticipant, withInteractions } from './pact-file.ts';
import { Relay, type RelayOptions } from './relay.ts';
import { CheckedStates, type StateHandlers } from './checked-states.ts';

export interface Verification extends Pick<RelayOptions, 'onRequest' | 'onResponse'> {
  readonly provider: Pacticipant;
  readonly pacts: PactSource;
  readonly states: StateHandlers;
  /** Runs after each interaction and reverts its states. */
  readonly afterEach?: () => Promise<void>;
}

/** A file, optionally only some of its interactions, or a broker with selectors. */
export type PactSource =
  | { readonly file: string; readonly only?: readonly string[] | undefined }
  | { readonly broker: BrokerOptions };

export type BrokerOptions = Omit<VerifierOptions, 'provider' | 'providerBaseUrl' | 'stateHandlers'>;

/** How long the provider may take for one response. */
const RESPONSE_TIMEOUT_MS = 20_000;

/**
 * Verifies a running provider against its pacts. `onRequest` sets the address of the provider. An
 * interaction fails if its response is wrong, if a state has no handler, or if a handler throws.
 *
 * @throws Error if an interaction that is not pending fails, if there is nothing to verify, or if no
 *   interaction of a whole file uses a handler
 */
export async function verify(verification: Verification): Promise<void> {
  const { pacts } = verification;
  const states = new CheckedStates(verification.states);
  if ('broker' in pacts) return run(verification, states, pacts.broker);
  const { file, only } = pacts;
  if (only !== undefined) {
    return withInteractions(file, only, (part) => run(verification, states, { pactUrls: [part] }));
  }
  await run(verification, states, { pactUrls: [file] });
  const unused = states.unused.map((state) => `No interaction has the state "${state}".`);
  if (unused.length > 0) throw new Error(unused.join('\n'));
}

async function run(
  verification: Verification,
  states: CheckedStates,
  source: BrokerOptions,
): Promise<void> {
  const { provider, afterEach } = verification;
  const notRelayed = new Set<string>();
  let requests = 0;
  const relay = await Relay.start({
    onRequest: async (request) => {
      requests += 1;
      states.throwProblems();
      await verification.onRequest(request);
    },
    onResponse: (response, request) => verification.onResponse?.(response, request),
    onFailure: (error) => notRelayed.add(reasonOf(error)),
  });
  const verifier = new Verifier({
    ...source,
    provider,
    providerBaseUrl: relay.url,
    stateHandlers: states.handlers,
    ...(afterEach && { afterEach }),
    timeout: RESPONSE_TIMEOUT_MS,
    logLevel: 'warn',
  });
  const failures = await verifier.verifyProvider().then(() => undefined, failuresIn);
  await relay.close();
  if (failures !== undefined) throw new Error([...notRelayed, failures].join('\n'));
  if (requests === 0) throw new Error('Nothing was verified: there is no pact, or it is empty.');
}

/** The mismatches. Pact's error is one line of JSON with the whole output. */
function failuresIn(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  try {
    const result: unknown = JSON.parse(message);
    if (typeof result !== 'object' || result === null || !('output' in result)) return message;
    const lines = Array.isArray(result.output) ? result.output.map(String) : [];
    const failures = lines.findIndex((line) => line.startsWith('\nFailures'));
    return stripVTControlCharacters(lines.slice(Math.max(0, failures)).join('\n')).trim();
  } catch {
    return message;
  }
}

/** Includes the cause, because the error of fetch is only "fetch failed". */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? [error.cause.message] : [];
  return ['A request did not reach the provider', String(error), ...cause].join(': ');
}
