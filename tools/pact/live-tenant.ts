import type { RelayedAnswer, RelayedRequest, StateHandlers } from '@bookings/contracts';
import type { LiveSettings } from './live-settings.ts';

const PATH = /^(\/v1\.0)?\/solutions\/bookingBusinesses\/[^/]+/;

/** States that a tenant cannot be put into from outside, and why. */
const OUT_OF_REACH: Readonly<Record<string, string>> = {
  'Graph wants the user to sign in again': 'a policy of the tenant decides when',
  'four requests to the booking mailbox are under way': 'Graph decides how long they take',
  'Graph fails without a reason': 'no request makes it so',
  'Graph is out of service': 'no request makes it so',
  'the service behind Graph does not answer in time': 'no request makes it so',
};

const POWERLESS = 'the application lacks the permission to create booking customers';

/** A real tenant as the provider, with one booking business that stands for all in the pact. */
export class LiveTenant {
  readonly #settings: LiveSettings;
  readonly #valid: string;
  readonly #created: string[] = [];
  #business: string;
  #token: string;

  /** @param token one that is valid, with the permission to create booking customers */
  constructor(settings: LiveSettings, token: string) {
    this.#settings = settings;
    this.#valid = token;
    this.#business = settings.business;
    this.#token = token;
  }

  readonly states: StateHandlers = {
    'the application may create booking customers': () => {
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
    'the booking business does not exist': () => {
      this.#business = `nobody-${crypto.randomUUID()}@${this.#settings.business.split('@')[1] ?? ''}`;
    },
  };

  /** Why an interaction with these states cannot be verified here; undefined if it can. */
  outOfReach(states: readonly string[]): string | undefined {
    if (states.includes(POWERLESS) && this.#settings.powerlessToken === '') {
      return `${POWERLESS}: GRAPH_LIVE_POWERLESS_TOKEN names no token that does`;
    }
    const state = states.find((each) => Object.hasOwn(OUT_OF_REACH, each));
    return state === undefined ? undefined : `${state}: ${OUT_OF_REACH[state] ?? ''}`;
  }

  play(request: RelayedRequest): void {
    request.target = this.#settings.graphUrl;
    request.path = request.path.replace(
      PATH,
      `/solutions/bookingBusinesses/${encodeURIComponent(this.#business)}`,
    );
    request.headers.set('authorization', `Bearer ${this.#token}`);
  }

  /** Notes a customer that was created, to be deleted. */
  see(answer: RelayedAnswer): void {
    if (answer.status !== 201) return;
    const entity: unknown = JSON.parse(answer.body.toString());
    const id = new Map<string, unknown>(Object.entries(entity ?? {})).get('id');
    if (typeof id === 'string') this.#created.push(id);
  }

  /** Deletes what was created; returns the ids of what could not be. */
  async clear(): Promise<string[]> {
    const { graphUrl, business } = this.#settings;
    const customers = `${graphUrl}/solutions/bookingBusinesses/${encodeURIComponent(business)}/customers`;
    const left: string[] = [];
    for (const id of this.#created.splice(0)) {
      const deleted = await fetch(`${customers}/${encodeURIComponent(id)}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${this.#valid}` },
      }).catch(() => undefined);
      if (deleted?.status !== 204) left.push(id);
    }
    return left;
  }
}
