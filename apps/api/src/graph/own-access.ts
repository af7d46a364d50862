import { performance } from 'node:perf_hooks';
import type { BookingsGateway, Caller, UpstreamRequest } from '@bookings/domain';
import { GraphClient, type GraphCredential } from '@bookings/graph-client';
import type { GraphConfig } from '../config/config.ts';
import { silentLog } from '../observability/logging.ts';
import { graphCredential } from './graph-credential.ts';

/** Stands for a calling application: the proxy uses its own identity for those. */
const CALLER: Caller = {
  kind: 'application',
  appId: 'check',
  tenantId: 'check',
  permissions: [],
  personal: false,
};

/** Access to Graph with the proxy's own identity, for commands that do not serve. */
export class OwnAccess {
  readonly gateway: BookingsGateway;
  readonly #credential: GraphCredential;

  constructor(private readonly config: GraphConfig) {
    // What fails is reported by the command, with advice.
    this.#credential = graphCredential(config, silentLog());
    this.gateway = new GraphClient({ ...config, credential: this.#credential });
  }

  /** @throws GraphError when there is no token */
  async acquireToken(): Promise<void> {
    await this.#credential.token({ caller: CALLER, callerToken: '' });
  }

  /** A request that begins now. */
  request(): UpstreamRequest {
    return {
      caller: CALLER,
      callerToken: '',
      requestId: crypto.randomUUID(),
      clientRequestId: crypto.randomUUID(),
      headers: {},
      deadlineAtMs: performance.now() + this.config.deadlineMs,
      signal: new AbortController().signal,
      trace: { attempts: 0, queuedMs: 0, upstreamMs: 0 },
    };
  }

  /** Closes the connections, so that the process can end. */
  close(): Promise<void> {
    return this.gateway.close();
  }
}
