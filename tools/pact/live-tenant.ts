import {
  DOCUMENTED,
  type RelayedResponse,
  type RelayedRequest,
  type StateHandlers,
} from '@bookings/contracts';
import type { LiveSettings } from './live-settings.ts';

const PATH = /^(\/v1\.0)?\/solutions\/bookingBusinesses\/[^/]+/;

/** States that no request can bring a tenant into, with the reason. */
const UNSUPPORTED_STATES: Readonly<Record<string, string>> = {
  'Graph wants the user to sign in again': 'a policy of the tenant decides this',
  'a link of Graph leads to the last customer of the booking business':
    'Graph decides how many customers a page has',
  'four requests to the booking mailbox are in progress': 'Graph decides how long they take',
  'Graph fails without a reason': 'no request causes it',
  'Graph is out of service': 'no request causes it',
  'the service behind Graph does not answer in time': 'no request causes it',
};

const POWERLESS = 'the application lacks the permission to create booking customers';

/** A real tenant as the provider. One booking business stands for all in the pact. */
export class LiveTenant {
  readonly #settings: LiveSettings;
  readonly #valid: string;
  readonly #customers: string;
  #created: string[] = [];
  #business: string;
  #token: string;
  /** How many customers the states of the next interaction require. */
  #count = 0;

  /** @param token a valid token with the permission to create booking customers */
  constructor(settings: LiveSettings, token: string) {
    this.#settings = settings;
    this.#valid = token;
    this.#business = settings.business;
    this.#token = token;
    const { graphUrl, business } = settings;
    this.#customers = `${graphUrl}/solutions/bookingBusinesses/${encodeURIComponent(business)}/customers`;
  }

  readonly states: StateHandlers = {
    'the application may create booking customers': () => {
      this.#token = this.#valid;
    },
    'the application may read booking customers': () => {
      this.#token = this.#valid;
    },
    'the token of the application is not valid': () => {
      this.#token = 'not-a-token';
    },
    [POWERLESS]: () => {
      this.#token = this.#settings.powerlessToken;
    },
    'the booking business exists': () => {
      this.#business = this.#settings.business;
    },
    'the booking business has the customer of the page': () => {
      this.#count = 1;
    },
    'the booking business has more customers than fit on a page': () => {
      this.#count = 2;
    },
    'the booking business does not exist': () => {
      this.#business = `missing-${crypto.randomUUID()}@${this.#settings.business.split('@')[1] ?? ''}`;
    },
  };

  /** Why an interaction with these states cannot be verified; undefined if it can. */
  unsupportedReason(states: readonly string[]): string | undefined {
    if (states.includes(POWERLESS) && this.#settings.powerlessToken === '') {
      return `${POWERLESS}: GRAPH_LIVE_POWERLESS_TOKEN is not set`;
    }
    const state = states.find((each) => Object.hasOwn(UNSUPPORTED_STATES, each));
    return state === undefined ? undefined : `${state}: ${UNSUPPORTED_STATES[state] ?? ''}`;
  }

  /** Replaces the created customers by those of the states and sets the target of the request. */
  async prepare(request: RelayedRequest): Promise<void> {
    await this.deleteCreated();
    for (; this.#count > 0; this.#count -= 1) {
      const id = await this.#create();
      request.path = request.path.replace(DOCUMENTED.id, encodeURIComponent(id));
    }
    request.target = this.#settings.graphUrl;
    request.path = request.path.replace(
      PATH,
      `/solutions/bookingBusinesses/${encodeURIComponent(this.#business)}`,
    );
    request.headers.set('authorization', `Bearer ${this.#token}`);
  }

  /** Records a created customer, to delete it later. */
  recordCreated(response: RelayedResponse): void {
    if (response.status === 201) this.#created.push(idIn(response.body.toString()));
  }

  /** Deletes the created customers. @returns the ids of those that could not be deleted */
  async deleteCreated(): Promise<readonly string[]> {
    const left: string[] = [];
    for (const id of this.#created) {
      const response = await this.#send('DELETE', `/${encodeURIComponent(id)}`);
      if (response?.status !== 204 && response?.status !== 404) left.push(id);
    }
    this.#created = left;
    return left;
  }

  async #create(): Promise<string> {
    const response = await this.#send('POST', '', JSON.stringify(DOCUMENTED.customer));
    if (response?.status !== 201) throw new Error('The customer of a state could not be created.');
    const id = idIn(await response.text());
    this.#created.push(id);
    return id;
  }

  #send(method: string, segment: string, body?: string): Promise<Response | undefined> {
    return fetch(`${this.#customers}${segment}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#valid}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    }).catch(() => undefined);
  }
}

function idIn(json: string): string {
  const entity: unknown = JSON.parse(json);
  const id = new Map<string, unknown>(Object.entries(entity ?? {})).get('id');
  if (typeof id !== 'string') throw new TypeError('The created customer has no id.');
  return id;
}
