import { BookingsUpstream } from '@bookings/domain';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.ts';
import { StateOpening } from '../idempotency/state-opening.ts';
import { TokenVerifier } from '../auth/token-verifier.ts';

/** Whether requests can be served: tokens can be verified, and Graph can be asked. */
@Injectable()
export class Readiness {
  #draining = false;

  constructor(
    private readonly verifier: TokenVerifier,
    private readonly upstream: BookingsUpstream,
    private readonly audit: AuditLog,
    private readonly state: StateOpening,
  ) {}

  /** From now on the process is about to end. */
  drain(): void {
    this.#draining = true;
  }

  /** Undefined when requests can be served, else the reason why not. */
  async unavailable(): Promise<string | undefined> {
    if (this.#draining) return 'the process is shutting down';
    return (await this.verifier.unavailable()) ?? (await this.upstream.unavailable());
  }

  /** What cannot be served although the rest can, a reason each; empty when everything can. */
  async degraded(): Promise<readonly string[]> {
    const reasons = [await this.audit.unavailable(), await this.state.unavailable()];
    return reasons.filter((reason) => reason !== undefined);
  }
}
