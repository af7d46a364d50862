import { type Mutate, type PactSource, verify } from '@bookings/contracts';
import { ProviderHarness } from './provider-harness.ts';
import { PROVIDER_STATES } from './provider-states.ts';

/** Verifies the fake, which stands for Graph, against `pacts`. `onResponse` may change its responses. */
export function verifyMicrosoftGraph(pacts: PactSource, onResponse?: Mutate): Promise<void> {
  const harness = new ProviderHarness(PROVIDER_STATES);
  return verify({
    provider: 'microsoft-graph',
    pacts,
    states: harness.handlers,
    onRequest: (request) => {
      harness.prepare(request);
    },
    ...(onResponse && { onResponse }),
    afterEach: () => harness.reset(),
  });
}
