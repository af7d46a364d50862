import type { AttemptResult } from './history.ts';
import type { Intent } from './intents.ts';

/** Sends creates. */
export interface CreateClient {
  /** Whether a create that has succeeded may be sent again without harm. */
  readonly isIdempotent: boolean;
  /** Sends one create. Never rejects. Stops waiting when `signal` aborts. */
  create(intent: Intent, signal?: AbortSignal): Promise<AttemptResult>;
}

/** The result of a create that got no response. */
export function noResponse(error: unknown): AttemptResult {
  if (!(error instanceof Error)) return { kind: 'retry', reason: `no response: ${String(error)}` };
  // The code of a DOMException is a number.
  const hasCode = 'code' in error && typeof error.code === 'string';
  return { kind: 'retry', reason: `no response: ${hasCode ? String(error.code) : error.name}` };
}
