import {
  customerValues,
  pageValues,
  type RelayedResponse,
  type RelayedRequest,
  type StateHandlers,
  StateParameters,
  type StateValues,
} from '@bookings/contracts';
import { boundedText } from '../bounded-text.ts';
import { CreatedCustomers } from './created-customers.ts';
import type { LiveSettings } from './live-settings.ts';

const CREATE_TIMEOUT_MS = 10_000;
const POWERLESS = 'the application lacks the permission to create booking customers';

/** A real tenant as the provider. One booking business stands for all in the pact. */
export class LiveTenant {
  readonly #settings: LiveSettings;
  readonly #valid: string;
  readonly #customers: string;
  readonly #stopping: AbortSignal;
  /** What it created here. */
  readonly created: CreatedCustomers;

  /**
   * @param token a valid token with the permission to create booking customers
   * @param stopping nothing more is created once it is aborted
   */
  constructor(settings: LiveSettings, token: string, stopping: AbortSignal) {
    this.#settings = settings;
    this.#valid = token;
    this.#stopping = stopping;
    const { graphUrl, business } = settings;
    this.#customers = `${graphUrl}/solutions/bookingBusinesses/${encodeURIComponent(business)}/customers`;
    this.created = new CreatedCustomers(this.#customers, token);
  }

  /** The first state of each interaction has the token. */
  readonly states: StateHandlers = {
    'the application may create booking customers': () => this.#begin(this.#valid),
    'the application may read booking customers': () => this.#begin(this.#valid),
    'the token of the application is not valid': () => this.#begin('not-a-token'),
    [POWERLESS]: () => this.#begin(this.#settings.powerlessToken),
    'the booking business exists': () => mailbox(this.#settings.business),
    'the booking business does not exist': () => {
      const [, domain = ''] = this.#settings.business.split('@');
      return mailbox(`missing-${crypto.randomUUID()}@${domain}`);
    },
    'the booking business has customers': (given) => this.#store(new StateParameters(given)),
    // It shows whether Graph follows this page or the resource page.
    'Graph answers as the example of the page "Create bookingCustomer"': () => Promise.resolve({}),
  };

  /** Why an interaction with these states cannot be verified; undefined if it can. */
  unsupportedReason(states: readonly string[]): string | undefined {
    if (states.includes(POWERLESS) && this.#settings.powerlessToken === '') {
      return `${POWERLESS}: GRAPH_LIVE_POWERLESS_TOKEN is not set`;
    }
    return undefined;
  }

  /** Sets the target of the request. The pact has the path and the token from the states. */
  prepare(request: RelayedRequest): void {
    this.#stopping.throwIfAborted();
    if (request.method === 'POST') this.created.begin(request);
    request.target = this.#settings.graphUrl;
    request.path = request.path.replace(/^\/v1\.0(?=\/)/, '');
  }

  /** Records a created customer, to delete it later. */
  record({ status, body }: RelayedResponse, request: RelayedRequest): void {
    if (request.method === 'POST') this.created.settle(request, status, body.toString());
  }

  /** Deletes what earlier interactions created. */
  async #begin(token: string): Promise<StateValues> {
    this.#stopping.throwIfAborted();
    await this.created.delete();
    return { token };
  }

  async #store(parameters: StateParameters): Promise<StateValues> {
    const at = { url: this.#customers, token: this.#valid };
    const count = parameters.count('count');
    let id = '';
    for (let each = 0; each < count; each += 1) {
      id = await this.#create(parameters.object('customer'));
    }
    return { ...customerValues(id), ...(count > 1 && (await pageValues(at))) };
  }

  async #create(customer: object): Promise<string> {
    this.#stopping.throwIfAborted();
    this.created.begin(customer);
    const response = await fetch(this.#customers, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#valid}`, 'content-type': 'application/json' },
      body: JSON.stringify(customer),
      signal: AbortSignal.timeout(CREATE_TIMEOUT_MS),
    });
    const id = this.created.settle(customer, response.status, await boundedText(response));
    if (id !== undefined) return id;
    throw new Error(`The customer of a state was not created, or has no id: ${response.status}.`);
  }
}

/** For a path. */
function mailbox(name: string): Promise<StateValues> {
  return Promise.resolve({ business: encodeURIComponent(name) });
}
