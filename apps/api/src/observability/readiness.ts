import { BookingsGateway } from '@bookings/domain';
import { StoreConnection } from '@bookings/idempotency';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuditLog } from '../audit/audit-log.ts';
import { TokenVerifier } from '../auth/token-verifier.ts';
import { LOGGER } from '../config/config.token.ts';
import { SharedProbe } from './shared-probe.ts';

/** What can be served. */
export type ReadyState =
  | { readonly status: 'ready' }
  /** All but what the reasons name. */
  | { readonly status: 'degraded'; readonly reasons: readonly string[] }
  | { readonly status: 'not ready'; readonly reason: string };

/** Undefined when all is well, else the reason why not. */
type Probe = SharedProbe<string | undefined>;

/**
 * Whether requests can be served: tokens can be verified, and Graph can be asked. Without the audit or
 * the store some of them can.
 */
@Injectable()
export class Readiness {
  readonly #needed: readonly Probe[];
  readonly #used: readonly Probe[];
  #draining = false;
  #reported = JSON.stringify({ status: 'ready' } satisfies ReadyState);

  constructor(
    @Inject(LOGGER) private readonly log: Logger,
    verifier: TokenVerifier,
    gateway: BookingsGateway,
    audit: AuditLog,
    store: StoreConnection,
  ) {
    this.#needed = [
      new SharedProbe(
        () => verifier.unavailable(),
        'the key set of the token issuers cannot be read in time',
      ),
      new SharedProbe(() => gateway.unavailable(), 'the token endpoint does not answer in time'),
    ];
    this.#used = [
      new SharedProbe(
        () => audit.unavailable(),
        'writes are refused: the audit cannot be written in time',
      ),
      new SharedProbe(
        () => store.unavailable(),
        'creates with an Idempotency-Key are refused: the store cannot be used in time',
      ),
    ];
  }

  /** From now on the process is not ready. */
  drain(): void {
    this.#draining = true;
  }

  /** Within 300 ms, and at most a second old. */
  async state(): Promise<ReadyState> {
    if (this.#draining) return { status: 'not ready', reason: 'the process is shutting down' };
    const [needed, used] = await Promise.all([reasons(this.#needed), reasons(this.#used)]);
    const [reason] = needed;
    if (reason !== undefined) return this.#changed({ status: 'not ready', reason });
    if (used.length > 0) return this.#changed({ status: 'degraded', reasons: used });
    return this.#changed({ status: 'ready' });
  }

  /** Logs one line per change. */
  #changed(state: ReadyState): ReadyState {
    const now = JSON.stringify(state);
    if (now === this.#reported) return state;
    this.#reported = now;
    const { status, ...why } = state;
    this.log[status === 'ready' ? 'info' : 'warn'](why, status);
    return state;
  }
}

async function reasons(probes: readonly Probe[]): Promise<readonly string[]> {
  const results = await Promise.all(probes.map((probe) => probe.read()));
  return results.filter((result) => result !== undefined);
}
