import { BookingsGateway } from '@bookings/domain';
import { StoreConnection } from '@bookings/idempotency';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.ts';
import { TokenVerifier } from '../auth/token-verifier.ts';
import { SharedPermits } from '../graph/shared-permits.ts';
import { Log } from '../observability/logging.ts';
import { SharedProbe } from '../observability/shared-probe.ts';

export type ReadyState =
  | { readonly status: 'ready' }
  /** Some requests are refused, as the reasons say. */
  | { readonly status: 'degraded'; readonly reasons: readonly string[] }
  | { readonly status: 'not ready'; readonly reason: string };

/** Undefined when the resource is available, otherwise the reason. */
type Probe = SharedProbe<string | undefined>;

/**
 * Whether the process can serve requests. It needs signing keys and a token for Graph. Without the
 * audit or the store it still serves some requests.
 */
@Injectable()
export class Readiness {
  readonly #required: readonly Probe[];
  readonly #optional: readonly Probe[];
  #draining = false;
  #lastState = JSON.stringify({ status: 'ready' } satisfies ReadyState);

  constructor(
    private readonly log: Log,
    verifier: TokenVerifier,
    gateway: BookingsGateway,
    audit: AuditLog,
    store: StoreConnection,
    private readonly permits: SharedPermits,
  ) {
    this.#required = [
      new SharedProbe(
        () => verifier.unavailable(),
        'the key set of the token issuers cannot be read in time',
      ),
      new SharedProbe(() => gateway.unavailable(), 'the token endpoint does not answer in time'),
    ];
    this.#optional = [
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

  /** Makes the process not ready until it ends. */
  drain(): void {
    this.#draining = true;
  }

  /** Resolves within 300 ms, with a state that is at most a second old. */
  async state(): Promise<ReadyState> {
    if (this.#draining) return { status: 'not ready', reason: 'the process is shutting down' };
    const [required, optional] = await Promise.all([
      reasons(this.#required),
      reasons(this.#optional),
    ]);
    const [reason] = required;
    if (reason !== undefined) return this.#changed({ status: 'not ready', reason });
    const degraded = [...optional, this.permits.unavailable()].filter((each) => each !== undefined);
    if (degraded.length > 0) return this.#changed({ status: 'degraded', reasons: degraded });
    return this.#changed({ status: 'ready' });
  }

  /** Logs one line per change. */
  #changed(state: ReadyState): ReadyState {
    const now = JSON.stringify(state);
    if (now === this.#lastState) return state;
    this.#lastState = now;
    switch (state.status) {
      case 'ready':
        this.log.write('ready');
        break;
      case 'degraded':
        this.log.write('degraded', { 'event.reason': state.reasons.join('; ') });
        break;
      case 'not ready':
        this.log.write('notReady', { 'event.reason': state.reason });
    }
    return state;
  }
}

async function reasons(probes: readonly Probe[]): Promise<readonly string[]> {
  const results = await Promise.all(probes.map((probe) => probe.read()));
  return results.filter((result) => result !== undefined);
}
