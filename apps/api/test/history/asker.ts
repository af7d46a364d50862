import type { Answer } from './history.ts';
import type { Intent } from './intents.ts';

/** Whoever can be asked to create a customer. */
export interface Asker {
  /** Asks once, and never rejects. Leaves without an answer when `signal` aborts. */
  ask(intent: Intent, signal?: AbortSignal): Promise<Answer>;
}

export function noAnswer(error: unknown): Answer {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return { kind: 'again', why: `no answer: ${code ?? nameOf(error)}` };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}
