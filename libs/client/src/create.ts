import { type CreatedBookingCustomer, customerIn } from './booking-customer.ts';
import { CallEnd } from './call-end.ts';
import { type CreateOptions, settle } from './create-options.ts';
import { untilAnswered } from './send-again.ts';
import type { Sender } from './sender.ts';

/** A create that was answered with its customer, and how. */
export interface CreateReport {
  readonly customer: CreatedBookingCustomer;
  /** What it was sent with; undefined when that was none. */
  readonly idempotencyKey: string | undefined;
  /** Whether the answer was the one to an earlier request under the key. */
  readonly replayed: boolean;
  /**
   * `display-name-not-stored`: the customer exists, but not under the name that it was to have, and
   * that could not be set right.
   */
  readonly warning: string | undefined;
}

/**
 * Sends the create `body` to `url`, under a key until it is answered.
 *
 * @throws BookingsApiError with what the last answer said
 */
export async function create(
  sender: Sender,
  url: string,
  body: string,
  options: CreateOptions,
): Promise<CreateReport> {
  const { key, headers, maxAttempts, deadlineMs } = settle(options);
  const end = new CallEnd(options.signal, deadlineMs);
  const attempt = async (): Promise<CreateReport> => {
    const sending = { method: 'POST', url, body, headers, expected: 201 } as const;
    const answer = await sender.send(sending, { signal: end.signal });
    return {
      customer: customerIn(answer, true),
      idempotencyKey: key,
      replayed: answer.headers.get('idempotent-replayed') === 'true',
      warning: answer.headers.get('bookings-warning') ?? undefined,
    };
  };
  try {
    return await untilAnswered(attempt, { key, maxAttempts, end });
  } finally {
    end.close();
  }
}
