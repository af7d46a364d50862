import { PactV4 } from '@pact-foundation/pact';
import { PACTS_FOLDER, type Pacticipant } from './pact-file.ts';

/**
 * The pact of a consumer, to which its tests add interactions. Files are merged into and never
 * replaced: the Nx target that runs the tests removes what lies there first.
 */
export function pactBetween(consumer: Pacticipant, provider: Pacticipant): PactV4 {
  return new PactV4({ consumer, provider, dir: PACTS_FOLDER, logLevel: 'warn', cors: false });
}
