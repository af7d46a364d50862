import { Counter, Gauge, type Registry } from 'prom-client';

/** What the process depends on besides Graph: Entra, the key set, the store and the access file. */
export class DependencyMetrics {
  /** Age of the key set; undefined while there is none. */
  keySetAgeMs: () => number | undefined = () => undefined;

  readonly tokenRequests: Counter<'result'>;
  readonly accessReloads: Counter<'result'>;
  readonly credentialReloads: Counter<'result'>;
  readonly storeUp: Gauge;
  readonly storeQuerySeconds: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.tokenRequests = new Counter({
      name: 'bookings_token_requests_total',
      help: 'Requests for a token for Graph, by result.',
      labelNames: ['result'],
      registers,
    });
    this.accessReloads = new Counter({
      name: 'bookings_access_file_reloads_total',
      help: 'Changed versions of the business access file, by result: a failed one is not in force.',
      labelNames: ['result'],
      registers,
    });
    this.credentialReloads = new Counter({
      name: 'bookings_credential_file_reloads_total',
      help: 'Changed files with the secret or certificate of the proxy, by result: a failed one is not in use.',
      labelNames: ['result'],
      registers,
    });
    // Starts at zero, so that an alert sees the first event as an increase.
    for (const counter of [this.tokenRequests, this.accessReloads, this.credentialReloads]) {
      for (const result of ['succeeded', 'failed']) counter.inc({ result }, 0);
    }
    this.storeUp = new Gauge({
      name: 'bookings_store_up',
      help: '1 when the store has answered the query of this scrape, 0 otherwise.',
      registers,
    });
    this.storeQuerySeconds = new Gauge({
      name: 'bookings_store_query_seconds',
      help: 'How long the store took to answer its last query for the metrics.',
      registers,
    });
    const age = () => this.keySetAgeMs();
    new Gauge({
      name: 'bookings_key_set_age_seconds',
      help: 'Time since the key set of the token issuers was fetched; NaN before it was.',
      registers,
      collect() {
        this.set((age() ?? NaN) / 1000);
      },
    });
  }
}

/** The label of a counter that has one for each result. */
export const resultOf = (succeeded: boolean) => ({ result: succeeded ? 'succeeded' : 'failed' });
