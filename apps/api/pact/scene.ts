import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  DOCUMENTED,
  NotedStates,
  type RelayedRequest,
  type StateHandlers,
} from '@bookings/contracts';
import type { CallerTokenRequest, Fault } from '@bookings/graph-fake';
import { Stack } from '../test/stack.ts';

export interface IdempotentCreate {
  readonly key: string;
  readonly customer: object;
}

/** What one provider state asks for; the states of an interaction add up. */
export interface ProviderState {
  /** Settings of the application that differ from those of the local stack. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The token that the caller brings. */
  readonly token?: CallerTokenRequest;
  /** The booking businesses that exist. */
  readonly businesses?: readonly string[];
  /** How many times each of the businesses has the customer of the documented page. */
  readonly customers?: number;
  readonly pageSize?: number;
  /** What Graph does instead of its work. */
  readonly faults?: readonly Fault[];
  /** How many creates are under way at Graph, which answers none of them. */
  readonly underWay?: number;
  /** What those creates are; that of the page, without a key, where nothing is said. */
  readonly heldCreate?: IdempotentCreate;
  /** Creates that came before, and are over. */
  readonly earlier?: readonly (IdempotentCreate & { readonly fault?: Fault })[];
  readonly graph?: 'unreachable';
}

/** What is kept of the customer of the page. */
const { '@odata.type': _type, ...CUSTOMER } = DOCUMENTED.customer;

/** The real application with the fake as Graph, anew for every interaction, as its states say. */
export class Scene {
  readonly #states: NotedStates<ProviderState>;
  #stack: Stack | undefined;
  #held = new AbortController();

  /** @param states what the sentences in the pact mean */
  constructor(states: Readonly<Record<string, ProviderState>>) {
    this.#states = new NotedStates(states);
  }

  /** For Pact's verifier. */
  get handlers(): StateHandlers {
    return this.#states.handlers;
  }

  /** Makes the states true and leads the request there, with the caller's token. */
  async play(request: RelayedRequest): Promise<void> {
    const states = this.#states.noted;
    const [pageSize] = states.flatMap((state) => state.pageSize ?? []);
    const businesses = states.flatMap((state) => state.businesses ?? []);
    const [token, ...others] = states.flatMap((state) => state.token ?? []);
    if (token === undefined || others.length > 0) {
      throw new TypeError('an interaction needs one state that says what token the caller brings');
    }
    const upstream = states.some(({ graph }) => graph === 'unreachable') ? await nowhere() : {};
    const settings = states.flatMap((state) => Object.entries(state.settings ?? {}));
    const env = { ...Object.fromEntries(settings), ...upstream };
    this.#stack = await Stack.start(env, {
      businesses,
      ...(pageSize !== undefined && { pageSize }),
    });
    const { fake, url } = this.#stack;
    const count = states.reduce((sum, state) => sum + (state.customers ?? 0), 0);
    for (const business of businesses) {
      for (let made = 0; made < count; made += 1) {
        const { id } = fake.add(business, CUSTOMER);
        // The pact cannot know the id that the customer got.
        request.path = request.path.replace(DOCUMENTED.id, encodeURIComponent(id));
      }
    }
    const callersToken = await fake.issueToken(token);
    for (const { fault, ...create } of states.flatMap((state) => state.earlier ?? [])) {
      fake.script(fault ? [fault] : []);
      await this.#stack.create({ ...asSent(create), token: callersToken });
    }
    await this.#holdCreates(states, callersToken);
    fake.script(states.flatMap((state) => state.faults ?? []));
    request.headers.set('authorization', `Bearer ${callersToken}`);
    request.target = url;
  }

  /** Ends what was played. */
  async clear(): Promise<void> {
    this.#held.abort();
    this.#held = new AbortController();
    // First, because what is under way there would be waited for.
    await this.#stack?.fake.close();
    await this.#stack?.stop();
    this.#stack = undefined;
    this.#states.forget();
  }

  async #holdCreates(states: readonly ProviderState[], token: string): Promise<void> {
    const count = states.reduce((sum, state) => sum + (state.underWay ?? 0), 0);
    const [create] = states.flatMap((state) => state.heldCreate ?? []);
    if (count === 0 || this.#stack === undefined) return;
    const { fake } = this.#stack;
    fake.script([{ kind: 'silence', when: 'before-stored', times: count }]);
    for (let each = 0; each < count; each += 1) {
      // Ends when the scene is cleared, with nothing that anybody waits for.
      this.#stack
        .create({ ...(create && asSent(create)), token, signal: this.#held.signal })
        .catch(() => undefined);
    }
    await fake.arrived(count);
  }
}

function asSent({ key, customer }: IdempotentCreate) {
  return { headers: { 'idempotency-key': key }, body: JSON.stringify(customer) };
}

/** Settings of an upstream on a port at which nobody listens. */
async function nowhere(): Promise<Record<string, string>> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  server.close();
  await once(server, 'close');
  return { GRAPH_BASE_URL: `http://127.0.0.1:${port}/v1.0` };
}
