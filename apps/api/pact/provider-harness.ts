import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  RequestedStates,
  type RelayedRequest,
  type StateHandlers,
  type StateParameters,
  type StateValues,
} from '@bookings/contracts';
import {
  type CallerTokenRequest,
  type Fault,
  GraphFake,
  type GraphFakeOptions,
} from '@bookings/graph-fake';
import { BUSINESS } from '../test/documented.ts';
import { Stack } from '../test/stack.ts';
import { storeCustomers, type StoredCustomers } from './stored-customers.ts';

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
  /** Options of the fake. The first state of an interaction has them. */
  readonly fakeOptions?: GraphFakeOptions;
  /** The booking business of the request. */
  readonly business?: { readonly name: string; readonly exists: boolean };
  readonly customers?: StoredCustomers;
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

/** Starts the application with the fake as Graph for each interaction, in its provider states. */
export class ProviderHarness {
  readonly #states: RequestedStates<ProviderState>;
  #fake: GraphFake | undefined;
  #stack: Stack | undefined;
  #held = new AbortController();

  /** @param states by their names in the pact */
  constructor(states: Readonly<Record<string, (parameters: StateParameters) => ProviderState>>) {
    this.#states = new RequestedStates(states, (state) => this.#enter(state));
  }

  /** The state handlers for Pact's verifier. */
  get handlers(): StateHandlers {
    return this.#states.handlers;
  }

  /** Starts the application in the requested states and sends the request to it. */
  async prepare(request: RelayedRequest): Promise<void> {
    const states = this.#states.requested;
    const [token, ...others] = states.flatMap((state) => state.token ?? []);
    const fake = this.#fake;
    if (fake === undefined || token === undefined || others.length > 0) {
      throw new TypeError('An interaction needs exactly one state with a token.');
    }
    const upstream = states.some(({ graph }) => graph === 'unreachable') ? await unreachable() : {};
    const settings = states.flatMap((state) => Object.entries(state.settings ?? {}));
    this.#stack = await Stack.start({ ...Object.fromEntries(settings), ...upstream }, fake);
    const callerToken = await fake.issueToken(token);
    for (const { fault, ...create } of states.flatMap((state) => state.earlier ?? [])) {
      fake.script(fault ? [fault] : []);
      await this.#stack.create({ ...createRequest(create), token: callerToken });
    }
    await this.#holdCreates(states, callerToken);
    fake.script(states.flatMap((state) => state.faults ?? []));
    request.target = this.#stack.url;
  }

  /** Stops the provider. */
  async reset(): Promise<void> {
    this.#held.abort();
    this.#held = new AbortController();
    // The fake closes first, because the application waits for its requests in progress.
    await this.#fake?.close();
    await this.#stack?.stop();
    this.#fake = undefined;
    this.#stack = undefined;
    this.#states.clear();
  }

  /** Starts the fake of Graph for the first state. @returns what the pact takes from the state */
  async #enter(state: ProviderState): Promise<StateValues> {
    if (state.fakeOptions !== undefined && this.#fake !== undefined) {
      throw new TypeError('A state with options of the fake must be the first one.');
    }
    const fake = (this.#fake ??= await GraphFake.start({
      businesses: [BUSINESS],
      ...state.fakeOptions,
    }));
    const { token, business, customers } = state;
    if (business !== undefined && business.exists !== (business.name === BUSINESS)) {
      throw new TypeError(`${BUSINESS} is the only business, against the state.`);
    }
    return {
      ...(token && { token: await fake.issueToken(token) }),
      ...(customers && (await storeCustomers(fake, customers))),
    };
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
