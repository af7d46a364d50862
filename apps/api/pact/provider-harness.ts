import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  DOCUMENTED,
  RequestedStates,
  type RelayedRequest,
  type StateHandlers,
} from '@bookings/contracts';
import type { CallerTokenRequest, Fault } from '@bookings/graph-fake';
import { Stack } from '../test/stack.ts';

export interface IdempotentCreate {
  readonly key: string;
  readonly customer: object;
}

/** A provider state as data. An interaction combines its states. */
export interface ProviderState {
  /** Settings of the application that differ from those of the test stack. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The token of the caller. */
  readonly token?: CallerTokenRequest;
  /** The booking businesses that exist. */
  readonly businesses?: readonly string[];
  /** How many customers each business has, all equal to the documented one. */
  readonly customers?: number;
  readonly pageSize?: number;
  /** The faults that the fake is set to. */
  readonly faults?: readonly Fault[];
  /** How many creates are in progress at Graph, which never answers them. */
  readonly inProgress?: number;
  /** The create in progress. By default, the documented customer without a key. */
  readonly heldCreate?: IdempotentCreate;
  /** Creates that have ended. */
  readonly earlier?: readonly (IdempotentCreate & { readonly fault?: Fault })[];
  readonly graph?: 'unreachable';
}

/** The documented customer as Graph stores it. */
const { '@odata.type': _type, ...CUSTOMER } = DOCUMENTED.customer;

/** Starts the application with the fake as Graph for each interaction, in its provider states. */
export class ProviderHarness {
  readonly #states: RequestedStates<ProviderState>;
  #stack: Stack | undefined;
  #held = new AbortController();

  /** @param states by their names in the pact */
  constructor(states: Readonly<Record<string, ProviderState>>) {
    this.#states = new RequestedStates(states);
  }

  /** The state handlers for Pact's verifier. */
  get handlers(): StateHandlers {
    return this.#states.handlers;
  }

  /** Starts the provider in the requested states and sends the request to it. */
  async prepare(request: RelayedRequest): Promise<void> {
    const states = this.#states.requested;
    const [pageSize] = states.flatMap((state) => state.pageSize ?? []);
    const businesses = states.flatMap((state) => state.businesses ?? []);
    const [token, ...others] = states.flatMap((state) => state.token ?? []);
    if (token === undefined || others.length > 0) {
      throw new TypeError('An interaction needs exactly one state with a token.');
    }
    const upstream = states.some(({ graph }) => graph === 'unreachable') ? await unreachable() : {};
    const settings = states.flatMap((state) => Object.entries(state.settings ?? {}));
    const env = { ...Object.fromEntries(settings), ...upstream };
    this.#stack = await Stack.start(env, {
      businesses,
      ...(pageSize !== undefined && { pageSize }),
    });
    const { fake, url } = this.#stack;
    const count = states.reduce((sum, state) => sum + (state.customers ?? 0), 0);
    for (const business of businesses) {
      for (let each = 0; each < count; each += 1) {
        const { id } = fake.add(business, CUSTOMER);
        // The pact has the documented id instead of the id in the fake.
        request.path = request.path.replace(DOCUMENTED.id, encodeURIComponent(id));
      }
    }
    const callerToken = await fake.issueToken(token);
    for (const { fault, ...create } of states.flatMap((state) => state.earlier ?? [])) {
      fake.script(fault ? [fault] : []);
      await this.#stack.create({ ...createRequest(create), token: callerToken });
    }
    await this.#holdCreates(states, callerToken);
    fake.script(states.flatMap((state) => state.faults ?? []));
    request.headers.set('authorization', `Bearer ${callerToken}`);
    request.target = url;
  }

  /** Stops the provider. */
  async reset(): Promise<void> {
    this.#held.abort();
    this.#held = new AbortController();
    // The fake closes first, because the application waits for its requests in progress.
    await this.#stack?.fake.close();
    await this.#stack?.stop();
    this.#stack = undefined;
    this.#states.clear();
  }

  async #holdCreates(states: readonly ProviderState[], token: string): Promise<void> {
    const count = states.reduce((sum, state) => sum + (state.inProgress ?? 0), 0);
    const [create] = states.flatMap((state) => state.heldCreate ?? []);
    const stack = this.#stack;
    if (count === 0 || stack === undefined) return;
    const { fake, graphRequests: before } = stack;
    fake.script([{ kind: 'silence', when: 'before-stored', times: count }]);
    const request = { ...(create && createRequest(create)), token, signal: this.#held.signal };
    // reset() aborts them.
    const held = Array.from({ length: count }, () => answeredCreate(stack.create(request)));
    // A create that the application refuses never arrives at Graph.
    await Promise.race([fake.arrived(before + count), ...held]);
  }
}

function createRequest({ key, customer }: IdempotentCreate) {
  return { headers: { 'idempotency-key': key }, body: JSON.stringify(customer) };
}

/** @throws Error once the create has a response */
async function answeredCreate(create: Promise<{ readonly status: number }>): Promise<never> {
  const { status } = await create;
  throw new Error(`A create that was to be in progress was answered with ${status}.`);
}

/** Settings with the address of a closed port as Graph. */
async function unreachable(): Promise<Record<string, string>> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  server.close();
  await once(server, 'close');
  return { GRAPH_BASE_URL: `http://127.0.0.1:${port}/v1.0` };
}
