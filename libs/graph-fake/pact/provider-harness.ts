import {
  type CustomersAt,
  customerValues,
  pageValues,
  RequestedStates,
  type RelayedRequest,
  type StateHandlers,
  type StateParameters,
  type StateValues,
  storeCustomer,
} from '@bookings/contracts';
import { customersPath } from '../src/client.fixture.ts';
import { documented } from '../src/documented-example.fixture.ts';
import { GraphFake, type GraphTokenRequest } from '../src/index.ts';

/** A provider state as data. An interaction combines its states. */
export interface ProviderState {
  /** The token of the proxy. */
  readonly token?: GraphTokenRequest;
  /** The booking business of the request. */
  readonly business?: { readonly name: string; readonly exists: boolean };
  /** The customers of the business, all equal. */
  readonly customers?: { readonly customer: object; readonly count: number };
}

/** The only booking business. */
const BUSINESS = documented.business;

/** Starts the fake for each interaction, in its provider states. */
export class ProviderHarness {
  readonly #states: RequestedStates<ProviderState>;
  #fake: GraphFake | undefined;

  /** @param states by their names in the pact */
  constructor(states: Readonly<Record<string, (parameters: StateParameters) => ProviderState>>) {
    this.#states = new RequestedStates(states, (state) => this.#enter(state));
  }

  /** The state handlers for Pact's verifier. */
  get handlers(): StateHandlers {
    return this.#states.handlers;
  }

  /** Sends the request to the fake. */
  prepare(request: RelayedRequest): void {
    request.target = this.#fake?.url;
  }

  /** Stops the fake. */
  async reset(): Promise<void> {
    await this.#fake?.close();
    this.#fake = undefined;
    this.#states.clear();
  }

  async #enter({ token, business, customers }: ProviderState): Promise<StateValues> {
    const fake = (this.#fake ??= await GraphFake.start({ businesses: [BUSINESS] }));
    if (business !== undefined && business.exists !== (business.name === BUSINESS)) {
      throw new TypeError(
        `Only ${BUSINESS} exists, so ${business.name} cannot be as the state says.`,
      );
    }
    return {
      ...(token && { token: await fake.issueGraphToken(token) }),
      ...(business && { business: encodeURIComponent(business.name) }),
      ...(customers && (await store(fake, customers))),
    };
  }
}

async function store(
  fake: GraphFake,
  { customer, count }: { readonly customer: object; readonly count: number },
): Promise<StateValues> {
  const url = `${fake.graphUrl}${customersPath(BUSINESS)}`;
  const at: CustomersAt = { url, token: await fake.issueGraphToken() };
  let id = '';
  for (let each = 0; each < count; each += 1) id = await storeCustomer(at, customer);
  return { ...customerValues(id), ...(count > 1 && (await pageValues(at))) };
}
