export { DOCUMENTED } from './documented-example.ts';
export {
  ConsumerPact,
  type ExpectedResponse,
  OPAQUE_ID,
  OPAQUE_ID_LISTED,
  type Situation,
} from './consumer-pact.ts';
export { RequestedStates } from './requested-states.ts';
export {
  type Interaction,
  PACTS_FOLDER,
  type Pacticipant,
  interactionsIn,
  pactFile,
} from './pact-file.ts';
export { Relay, type RelayOptions, type RelayedRequest, type RelayedResponse } from './relay.ts';
export type { StateHandler, StateHandlers } from './checked-states.ts';
export { type BrokerOptions, type PactSource, type Verification, verify } from './verification.ts';
export {
  type Mutate,
  type Mutation,
  setBody,
  setHeader,
  setMember,
  setStatus,
} from './mutations.ts';
export { brokerPacts } from './broker-pacts.ts';
