import { stripVTControlCharacters } from 'node:util';
import { Verifier, type VerifierOptions } from '@pact-foundation/pact';
import { type Pacticipant, withInteractions } from './pact-file.ts';
import { Relay, type RelayOptions } from './relay.ts';
import { RecordedStates, type StateHandlers } from './state-handlers.ts';

export interface Verification extends Pick<RelayOptions, 'onAnswer' | 'onRequest'> {
  readonly provider: Pacticipant;
  readonly pacts: PactSource;
  readonly states: StateHandlers;
  /** Runs after every interaction: undoes what its states did. */
  readonly afterEach?: () => Promise<void>;
}

/** A file, perhaps some of its interactions alone, or a broker with its selectors. */
export type PactSource =
  | { readonly file: string; readonly only?: readonly string[] | undefined }
  | { readonly broker: BrokerOptions };

export type BrokerOptions = Omit<VerifierOptions, 'provider' | 'providerBaseUrl' | 'stateHandlers'>;

/** How long the provider may take for one answer. */
const ANSWER_MS = 20_000;

/**
 * Verifies that a running provider keeps its pacts. Requests reach it through `onRequest`, which
 * says where it listens. An interaction with a state that has no handler, or whose handler throws,
 * fails like one that is answered wrongly.
 *
 * @throws Error when an interaction fails that is not pending, when there is nothing to verify, and,
 *   for a whole file, when no interaction asks for a handler
 */
export async function verify(verification: Verification): Promise<void> {
  const { pacts } = verification;
  const states = new RecordedStates(verification.states);
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
  states: RecordedStates,
  source: BrokerOptions,
): Promise<void> {
  const { provider, afterEach } = verification;
  const notRelayed = new Set<string>();
  let requests = 0;
  const relay = await Relay.start({
    onRequest: async (request) => {
      requests += 1;
      states.refuseProblems();
      await verification.onRequest(request);
    },
    onAnswer: (answer) => verification.onAnswer?.(answer),
    onFailure: (error) => notRelayed.add(reasonOf(error)),
  });
  const verifier = new Verifier({
    ...source,
    provider,
    providerBaseUrl: relay.url,
    stateHandlers: states.handlers,
    ...(afterEach && { afterEach }),
    timeout: ANSWER_MS,
    logLevel: 'warn',
  });
  const failures = await verifier.verifyProvider().then(() => undefined, failuresIn);
  await relay.close();
  if (failures !== undefined) throw new Error([...notRelayed, failures].join('\n'));
  if (requests === 0) throw new Error('Nothing was verified: there is no pact, or it is empty.');
}

/** What did not match, in Pact's words: its error is one line of JSON with the whole output in it. */
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

/** With the cause, because fetch says no more than that it failed. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? [error.cause.message] : [];
  return ['A request did not reach the provider', String(error), ...cause].join(': ');
}
