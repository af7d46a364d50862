import { MatchersV3, PactV4 } from '@pact-foundation/pact';
import { DOCUMENTED } from './documented-example.ts';
import { PACTS_FOLDER, type Pacticipant } from './pact-file.ts';

/**
 * The pact of a consumer, to which its tests add interactions. Files are merged into and never
 * replaced: the Nx target that runs the tests removes what lies there first.
 */
export function pactBetween(consumer: Pacticipant, provider: Pacticipant): PactV4 {
  return new PactV4({ consumer, provider, dir: PACTS_FOLDER, logLevel: 'warn', cors: false });
}

/**
 * Rules for an `id`: Graph chooses it, in one of two shapes, and nobody may read more in it than a
 * text. Both are needed: to the type alone an empty text is an id, to the expression alone a number.
 */
export const OPAQUE_ID = {
  body: {
    path: '$.id',
    rules: [MatchersV3.string(DOCUMENTED.id), MatchersV3.regex(/^\S+$/, DOCUMENTED.id)],
  },
};
