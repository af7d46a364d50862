import { type CreatedBookingCustomer, customerIn } from './booking-customer.ts';
import { CallDeadline } from './call-deadline.ts';
import { type CreateOptions, readCreateOptions } from './create-options.ts';
import { withRetries } from './retry.ts';
import type { Sender } from './sender.ts';

/** The result of a successful create. */
export interface CreateReport {
  readonly customer: CreatedBookingCustomer;
  /** Its Idempotency-Key, if it had one. */
  readonly idempotencyKey: string | undefined;
  /** Whether the response is that of an earlier request with the key. */
  readonly replayed: boolean;
  /**
   * `display-name-not-stored`: the customer exists with another name, which could not be repaired.
   */
  readonly warning: string | undefined;
}

/**
 * Sends a create, and with a key retries it.
 *
 * @throws BookingsApiError with the error of the last response
 */
export async function create(
  sender: Sender,
  url: string,
  body: string,
  options: CreateOptions,
): Promise<CreateReport> {
  const { key, headers, maxAttempts, deadlineMs } = readCreateOptions(options);
  const deadline = new CallDeadline(options.signal, deadlineMs);
  const attempt = async (): Promise<CreateReport> => {
    const request = { method: 'POST', url, body, headers, expected: 201 } as const;
    const response = await sender.send(request, { signal: deadline.signal });
    return {
      customer: customerIn(response, true),
      idempotencyKey: key,
      replayed: response.headers.get('idempotent-replayed') === 'true',
      warning: response.headers.get('bookings-warning') ?? undefined,
    };
  };
  try {
    return await withRetries(attempt, { key, maxAttempts, deadline });
  } finally {
    deadline.close();
  }
}
