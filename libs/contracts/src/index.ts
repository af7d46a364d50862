export { DOCUMENTED } from './documented-example.ts';
export {
  ConsumerPact,
  type ExpectedResponse,
  OPAQUE_ID,
  OPAQUE_ID_LISTED,
  type Situation,
} from './consumer-pact.ts';
export { NotedStates } from './noted-states.ts';
export {
  type Interaction,
  PACTS_FOLDER,
  type Pacticipant,
  interactionsIn,
  pactFile,
} from './pact-file.ts';
export { Relay, type RelayOptions, type RelayedAnswer, type RelayedRequest } from './relay.ts';
export type { StateHandler, StateHandlers } from './state-handlers.ts';
export { type BrokerOptions, type PactSource, type Verification, verify } from './verification.ts';
export {
  type Spoil,
  failuresWhen,
  otherBody,
  otherHeader,
  otherMember,
  otherStatus,
} from './spoilt-answer.ts';
export { brokerPacts } from './broker-pacts.ts';
