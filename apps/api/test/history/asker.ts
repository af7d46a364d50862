import type { Answer } from './history.ts';
import type { Intent } from './intents.ts';

/** Whoever can be asked to create a customer. */
export interface Asker {
  /** Whether asking once more than needed does no harm, as callers then do. */
  readonly isRepeatable: boolean;
  /** Asks once, and never rejects. Leaves without an answer when `signal` aborts. */
  ask(intent: Intent, signal?: AbortSignal): Promise<Answer>;
}

export function noAnswer(error: unknown): Answer {
  if (!(error instanceof Error)) return { kind: 'again', why: `no answer: ${String(error)}` };
  // A DOMException's code is a number.
  const isCoded = 'code' in error && typeof error.code === 'string';
  return { kind: 'again', why: `no answer: ${isCoded ? String(error.code) : error.name}` };
}
