import {
  DOCUMENTED,
  RequestedStates,
  type RelayedRequest,
  type StateHandlers,
} from '@bookings/contracts';
import { customersPath, holdCreates } from '../src/client.fixture.ts';
import { type Fault, GraphFake, type GraphTokenRequest } from '../src/index.ts';

/** A provider state as data. An interaction combines its states. */
export interface ProviderState {
  /** The token of the proxy. */
  readonly token?: GraphTokenRequest;
  /** The booking businesses that exist. */
  readonly businesses?: readonly string[];
  /** How many customers each business has, all equal to the documented one. */
  readonly customers?: number;
  readonly pageSize?: number;
  /** Whether the request follows the next link of the first page. */
  readonly followsLink?: true;
  /** The faults that the fake is set to. */
  readonly faults?: readonly Fault[];
  /** How many requests of the same application to the first business are in progress. */
  readonly inProgress?: number;
}

/** The documented customer as Graph stores it. */
const { '@odata.type': _type, ...CUSTOMER } = DOCUMENTED.customer;

/** Starts the fake for each interaction, in its provider states. */
export class ProviderHarness {
  readonly #states: RequestedStates<ProviderState>;
  #fake: GraphFake | undefined;
  #release: (() => Promise<void>) | undefined;

  /** @param states by their names in the pact */
  constructor(states: Readonly<Record<string, ProviderState>>) {
    this.#states = new RequestedStates(states);
  }

  /** The state handlers for Pact's verifier. */
  get handlers(): StateHandlers {
    return this.#states.handlers;
  }

  /** Starts the fake in the requested states and sends the request to it. */
  async prepare(request: RelayedRequest): Promise<void> {
    const states = this.#states.requested;
    const [pageSize] = states.flatMap((state) => state.pageSize ?? []);
    const businesses = states.flatMap((state) => state.businesses ?? []);
    const [token, ...others] = states.flatMap((state) => state.token ?? []);
    if (token === undefined || others.length > 0) {
      throw new TypeError('An interaction needs exactly one state with a token.');
    }
    this.#fake = await GraphFake.start({ businesses, ...(pageSize !== undefined && { pageSize }) });
    const count = states.reduce((sum, state) => sum + (state.customers ?? 0), 0);
    for (const business of businesses) {
      for (let each = 0; each < count; each += 1) {
        const { id } = this.#fake.add(business, CUSTOMER);
        // The pact has the documented id instead of the id in the fake.
        request.path = request.path.replace(DOCUMENTED.id, encodeURIComponent(id));
      }
    }
    const issued = await this.#fake.issueGraphToken(token);
    if (states.some(({ followsLink }) => followsLink)) {
      request.path = await nextLinkOf(this.#fake, customersPath(businesses[0]), issued);
    }
    const inProgress = states.reduce((sum, state) => sum + (state.inProgress ?? 0), 0);
    const path = customersPath(businesses[0]);
    if (inProgress > 0)
      this.#release = await holdCreates(this.#fake, inProgress, { path, token: issued });
    this.#fake.script(states.flatMap((state) => state.faults ?? []));
    request.headers.set('authorization', `Bearer ${issued}`);
    request.target = this.#fake.url;
  }

  /** Stops the fake. */
  async reset(): Promise<void> {
    await this.#release?.();
    this.#release = undefined;
    await this.#fake?.close();
    this.#fake = undefined;
    this.#states.clear();
  }
}

/** The path and query of the next link of the page at `path`. The pact cannot know its token. */
async function nextLinkOf(fake: GraphFake, path: string, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const page: unknown = await (await fetch(`${fake.graphUrl}${path}`, { headers })).json();
  const link: unknown =
    typeof page === 'object' && page !== null ? Reflect.get(page, '@odata.nextLink') : undefined;
  const { pathname, search } = new URL(String(link));
  return `${pathname}${search}`;
}
