import {
  GraphError,
  type UpstreamRequest,
  type Write,
  type WriteInterceptor,
  type WriteResponse,
} from '@bookings/domain';
import { Injectable } from '@nestjs/common';
import { InFlight } from '../observability/in-flight.ts';
import { AuditAlarm } from './audit-alarm.ts';
import { AuditLog } from './audit-log.ts';
import { type AuditIntent, type AuditOutcome, intentOf, outcomeOf } from './audit-record.ts';
import { errorResult, responseResult } from './write-result.ts';

/**
 * Audits every write: the intent before the request is sent, the outcome before the response is
 * returned. A write is refused if its intent cannot be appended. A lost outcome only raises an alarm.
 */
@Injectable()
export class WriteAudit implements WriteInterceptor {
  readonly #running = new InFlight();

  constructor(
    private readonly audit: AuditLog,
    private readonly alarm: AuditAlarm,
  ) {}

  async intercept<T extends WriteResponse>(
    write: Write,
    request: UpstreamRequest,
    send: () => Promise<T>,
  ): Promise<T> {
    const intent = intentOf(write, request);
    this.#running.enter();
    try {
      try {
        await this.audit.append(intent);
      } catch (cause) {
        throw this.#refusal(intent, request, cause);
      }
      let response: T;
      try {
        response = await send();
      } catch (error) {
        await this.#appendOutcome(outcomeOf(intent, errorResult(error, request)));
        throw error;
      }
      const result = responseResult(response, request);
      await this.#appendOutcome(outcomeOf(intent, result, response.id));
      return response;
    } finally {
      this.#running.leave();
    }
  }

  /** Waits for every outcome, because a write may outlive the request of a disconnected client. */
  async close(): Promise<void> {
    await this.#running.whenIdle();
    await this.audit.close();
  }

  /** The error for a write whose intent could not be appended. */
  #refusal(intent: AuditIntent, request: UpstreamRequest, cause: unknown): GraphError {
    this.alarm.intent();
    const message = 'This write could not be audited, so nothing was sent to Graph.';
    const headers = { 'Retry-After': '5' };
    const refusal = new GraphError('ServiceUnavailable', message, {
      outcome: 'not-sent',
      headers,
      cause,
    });
    // A timed-out intent may still be in the file: append its `not-sent` outcome.
    this.audit.append(outcomeOf(intent, errorResult(refusal, request))).catch(() => undefined);
    return refusal;
  }

  /** Never rejects. */
  async #appendOutcome(outcome: AuditOutcome): Promise<void> {
    try {
      await this.audit.append(outcome);
    } catch (cause) {
      this.alarm.outcome(outcome, cause);
    }
  }
}
