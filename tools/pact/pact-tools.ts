import { BrokerRelay } from './broker-relay.ts';
import type { Broker } from './broker.ts';
import { runChild } from './child-process.ts';

/**
 * Runs Pact's command line against the broker and prints its output.
 *
 * @returns its exit code
 * @throws CommandError if it takes too long, or if the broker fails or refuses the credentials
 */
export async function runPactBroker(broker: Broker, ...args: readonly string[]): Promise<number> {
  const relay = await BrokerRelay.start(broker);
  const output: string[] = [];
  const errors: string[] = [];
  try {
    const code = await runChild('pact-broker', [...args, '--retries', '1'], {
      env: {
        ...toolEnvironment(),
        PACT_BROKER_BASE_URL: relay.url,
        PACT_BROKER_TOKEN: relay.token,
      },
      signal: AbortSignal.any([broker.late, relay.broken]),
      onOutput: (line) => output.push(`${line}\n`),
      onError: (line) => errors.push(`${line}\n`),
    });
    if (relay.failure !== undefined) throw relay.failure;
    if (broker.late.aborted) throw broker.tooLate();
    broker.say(output.join('').replaceAll(relay.url, broker.url));
    process.stderr.write(broker.redacted(errors.join('')).replaceAll(relay.url, broker.url));
    return code;
  } finally {
    await relay.close();
  }
}

/** The environment of Pact's tools, without any settings of a broker. They use the relay. */
export function toolEnvironment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('PACT_BROKER_'));
  return {
    ...Object.fromEntries(others),
    PACT_DO_NOT_TRACK: 'true',
    // No proxy can reach the relay.
    NO_PROXY: '127.0.0.1',
    no_proxy: '127.0.0.1',
  };
}
