import { performance } from 'node:perf_hooks';
import type { Caller } from '@bookings/domain';
import { GraphClient, type GraphCredential } from '@bookings/graph-client';
import { pino } from 'pino';
import type { GraphConfig } from '../config/config.ts';
import { graphCredential } from './graph-credential.ts';

export { type TokenFailure, reasonOf, tokenFailureIn } from '@bookings/graph-client';

/** Stands for a calling application: the proxy uses its own identity for those. */
const CALLER: Caller = {
  kind: 'application',
  appId: 'check',
  tenantId: 'check',
  permissions: [],
  personal: false,
};

/** Tries the proxy's access to Graph without serving. Changes nothing at Graph. */
export class GraphCheck {
  readonly #credential: GraphCredential;
  readonly #client: GraphClient;

  constructor(private readonly config: GraphConfig) {
    // What fails is reported by the check, with advice.
    this.#credential = graphCredential(config, pino({ level: 'silent' }));
    this.#client = new GraphClient({ ...config, credential: this.#credential });
  }

  /** @throws GraphError when there is no token */
  async acquireToken(): Promise<void> {
    await this.#credential.token({ caller: CALLER, callerToken: '' });
  }

  /**
   * Reads the first page of the customers of a business, as the page "List customers" documents it.
   * Its content is dropped.
   *
   * @throws GraphError as for any caller
   */
  async readCustomers(business: string): Promise<void> {
    await this.#client.listCustomers(business, '', 'http://localhost/customers', {
      caller: CALLER,
      callerToken: '',
      requestId: crypto.randomUUID(),
      clientRequestId: crypto.randomUUID(),
      headers: {},
      deadlineAtMs: performance.now() + this.config.deadlineMs,
      signal: new AbortController().signal,
      trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
    });
  }

  /** Closes the connections, so that the process can end. */
  close(): Promise<void> {
    return this.#client.close();
  }
}
