import { isObject } from '@bookings/domain';
import { type Answer, BUSINESS, DOCUMENTED_REQUEST, type Stack } from './stack.ts';

/** As a part of a batch names the customers of a business. */
export const partPath = (business = BUSINESS) =>
  `/solutions/bookingBusinesses/${business}/customers`;

/** A part that reads. */
export const getPart = (id: string, url: string, more: object = {}) => ({
  id,
  method: 'GET',
  url,
  ...more,
});

/** A part that creates the documented customer. */
export const createPart = (id: string, more: object = {}) => ({
  id,
  method: 'POST',
  url: partPath(),
  headers: { 'Content-Type': 'application/json' },
  body: JSON.parse(DOCUMENTED_REQUEST) as unknown,
  ...more,
});

export function sendBatch(
  stack: Stack,
  requests: readonly unknown[],
  signal?: AbortSignal,
): Promise<Answer> {
  const body = JSON.stringify({ requests });
  return stack.ask('POST', '/v1.0/$batch', { body, ...(signal && { signal }) });
}

/** The answers to the parts, in their order. */
export function partsOf({ body }: Answer): Record<string, unknown>[] {
  const { responses } = body;
  return Array.isArray(responses) ? responses.filter(isObject) : [];
}

export const statusesOf = (answer: Answer) => partsOf(answer).map(({ status }) => status);
