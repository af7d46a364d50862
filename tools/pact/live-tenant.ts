import {
  customerValues,
  pageValues,
  type RelayedResponse,
  type RelayedRequest,
  type StateHandlers,
  StateParameters,
  type StateValues,
  storeCustomer,
} from '@bookings/contracts';
import type { LiveSettings } from './live-settings.ts';

const POWERLESS = 'the application lacks the permission to create booking customers';

/** A real tenant as the provider. One booking business stands for all in the pact. */
export class LiveTenant {
  readonly #settings: LiveSettings;
  readonly #valid: string;
  readonly #customers: string;
  #created: string[] = [];

  /** @param token a valid token with the permission to create booking customers */
  constructor(settings: LiveSettings, token: string) {
    this.#settings = settings;
    this.#valid = token;
    const { graphUrl, business } = settings;
    this.#customers = `${graphUrl}/solutions/bookingBusinesses/${encodeURIComponent(business)}/customers`;
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
    request.target = this.#settings.graphUrl;
    request.path = request.path.replace(/^\/v1\.0(?=\/)/, '');
  }

  /** Records a created customer, to delete it later. */
  recordCreated(response: RelayedResponse): void {
    if (response.status === 201) this.#created.push(idIn(response.body.toString()));
  }

  /** Deletes the created customers. @returns the ids of those that could not be deleted */
  async deleteCreated(): Promise<readonly string[]> {
    const left: string[] = [];
    for (const id of this.#created) {
      const response = await this.#delete(id);
      if (response?.status !== 204 && response?.status !== 404) left.push(id);
    }
    this.#created = left;
    return left;
  }

  /** Deletes what earlier interactions created. */
  async #begin(token: string): Promise<StateValues> {
    await this.deleteCreated();
    return { token };
  }

  async #store(parameters: StateParameters): Promise<StateValues> {
    const at = { url: this.#customers, token: this.#valid };
    const count = parameters.count('count');
    let id = '';
    for (let each = 0; each < count; each += 1) {
      id = await storeCustomer(at, parameters.object('customer'));
      this.#created.push(id);
    }
    return { ...customerValues(id), ...(count > 1 && (await pageValues(at))) };
  }

  #delete(id: string): Promise<Response | undefined> {
    const headers = { authorization: `Bearer ${this.#valid}` };
    const url = `${this.#customers}/${encodeURIComponent(id)}`;
    return fetch(url, { method: 'DELETE', headers }).catch(() => undefined);
  }
}

/** For a path. */
function mailbox(name: string): Promise<StateValues> {
  return Promise.resolve({ business: encodeURIComponent(name) });
}

function idIn(json: string): string {
  const entity: unknown = JSON.parse(json);
  const id = new Map<string, unknown>(Object.entries(entity ?? {})).get('id');
  if (typeof id !== 'string') throw new TypeError('The created customer has no id.');
  return id;
}
