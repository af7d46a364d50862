import {
  DOCUMENTED,
  NotedStates,
  type RelayedRequest,
  type StateHandlers,
} from '@bookings/contracts';
import { customersPath, holdCreates } from '../src/client.fixture.ts';
import { type Fault, GraphFake, type GraphTokenRequest } from '../src/index.ts';

/** What one provider state asks for; the states of an interaction add up. */
export interface ProviderState {
  /** The token that the proxy brings. */
  readonly token?: GraphTokenRequest;
  /** The booking businesses that exist. */
  readonly businesses?: readonly string[];
  /** How many times each of the businesses has the customer of the documented page. */
  readonly customers?: number;
  readonly pageSize?: number;
  /** Whether the request goes to where the first page leads. */
  readonly linked?: true;
  /** What Graph does instead of its work. */
  readonly faults?: readonly Fault[];
  /** How many requests of the same application to the first business are under way. */
  readonly underWay?: number;
}

/** What is kept of the customer of the page. */
const { '@odata.type': _type, ...CUSTOMER } = DOCUMENTED.customer;

/** The fake, anew for every interaction, as its states say. */
export class Scene {
  readonly #states: NotedStates<ProviderState>;
  #fake: GraphFake | undefined;
  #release: (() => Promise<void>) | undefined;

  /** @param states what the sentences in the pact mean */
  constructor(states: Readonly<Record<string, ProviderState>>) {
    this.#states = new NotedStates(states);
  }

  /** For Pact's verifier. */
  get handlers(): StateHandlers {
    return this.#states.handlers;
  }

  /** Makes the states true and leads the request there, with the proxy's token. */
  async play(request: RelayedRequest): Promise<void> {
    const states = this.#states.noted;
    const [pageSize] = states.flatMap((state) => state.pageSize ?? []);
    const businesses = states.flatMap((state) => state.businesses ?? []);
    const [token, ...others] = states.flatMap((state) => state.token ?? []);
    if (token === undefined || others.length > 0) {
      throw new TypeError('an interaction needs one state that says what token the proxy brings');
    }
    this.#fake = await GraphFake.start({ businesses, ...(pageSize !== undefined && { pageSize }) });
    const count = states.reduce((sum, state) => sum + (state.customers ?? 0), 0);
    for (const business of businesses) {
      for (let made = 0; made < count; made += 1) {
        const { id } = this.#fake.add(business, CUSTOMER);
        // The pact cannot know the id that the customer got.
        request.path = request.path.replace(DOCUMENTED.id, encodeURIComponent(id));
      }
    }
    const issued = await this.#fake.issueGraphToken(token);
    if (states.some(({ linked }) => linked)) {
      request.path = await nextOf(this.#fake, customersPath(businesses[0]), issued);
    }
    const underWay = states.reduce((sum, state) => sum + (state.underWay ?? 0), 0);
    const path = customersPath(businesses[0]);
    if (underWay > 0)
      this.#release = await holdCreates(this.#fake, underWay, { path, token: issued });
    this.#fake.script(states.flatMap((state) => state.faults ?? []));
    request.headers.set('authorization', `Bearer ${issued}`);
    request.target = this.#fake.url;
  }

  /** Ends what was played. */
  async clear(): Promise<void> {
    await this.#release?.();
    this.#release = undefined;
    await this.#fake?.close();
    this.#fake = undefined;
    this.#states.forget();
  }
}

/** The path, with its query, to which the page at `path` leads: the pact cannot know the token. */
async function nextOf(fake: GraphFake, path: string, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const page: unknown = await (await fetch(`${fake.graphUrl}${path}`, { headers })).json();
  const link: unknown =
    typeof page === 'object' && page !== null ? Reflect.get(page, '@odata.nextLink') : undefined;
  const { pathname, search } = new URL(String(link));
  return `${pathname}${search}`;
}
