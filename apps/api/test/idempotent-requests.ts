/** Short, so that a lookup and another attempt fit in one request. */
export const SETTLE_MS = 150;

let keys = 0;
/** A key that no other test uses. */
export const newKey = () => `test-key-${(keys += 1)}`;

export const ADELE = { displayName: 'Adele Vance', emailAddress: 'adelev@proseware.com' };

/** Sends a create with an Idempotency-Key. */
export const createWithKey = (
  stack: Stack,
  key: string,
  customer: object = ADELE,
  options: RequestOptions = {},
): Promise<ProxyResponse> =>
  stack.create({
    ...options,
    headers: { 'idempotency-key': key },
    body: JSON.stringify(customer),
  });

/** A stack with a short settling time. Its timeouts are as short as a busy machine permits. */
export function useReconcilingStack(): Stack {
  const stack = useStack({
    ...NO_LINGER,
    IDEMPOTENCY_SETTLE_MS: String(SETTLE_MS),
    GRAPH_ATTEMPT_TIMEOUT_MS: '4000',
    GRAPH_DEADLINE_MS: '20000',
  });
  beforeEach(() => {
    stack.auditLines.length = 0;
  });
  return stack;
}
import { beforeEach } from '@jest/globals';
import { NO_LINGER } from './faults.ts';
import { type ProxyResponse, type RequestOptions } from './proxy-client.ts';
import { type Stack, useStack } from './stack.ts';
