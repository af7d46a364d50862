export { BASE64_ID, CUSTOMER_STATES, DECLARED, DOCUMENTED } from './documented-example.ts';
export {
  ConsumerPact,
  type ExpectedRequest,
  type ExpectedResponse,
  OPAQUE_ID,
  OPAQUE_ID_LISTED,
  type Situation,
  type State,
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
export type { StateHandler, StateHandlers, StateValues } from './checked-states.ts';
export { StateParameters } from './state-parameters.ts';
export { bearerToken, fromState, ownLink } from './state-values.ts';
export { type CustomersAt, customerValues, pageValues, storeCustomer } from './stored-customers.ts';
export { type BrokerOptions, type PactSource, type Verification, verify } from './verification.ts';
export {
  type Mutate,
  type Mutation,
  addMember,
  setBody,
  setHeader,
  setMember,
  setStatus,
} from './mutations.ts';
export { brokerPacts } from './broker-pacts.ts';
