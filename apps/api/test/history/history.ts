import type { Intent } from './intents.ts';

/** What a question came to, as whoever asked could tell. */
export type Answer =
  | { readonly kind: 'created'; readonly id: string }
  /** Graph did not, and surely. */
  | { readonly kind: 'refused'; readonly status: number }
  /** Not yet known, or no answer at all: to be asked again. */
  | { readonly kind: 'again'; readonly why: string }
  /** What nobody should be answered. */
  | { readonly kind: 'unexpected'; readonly why: string };

/** A question and its answer. Times are those of one clock that counts begins and ends. */
export interface Question {
  readonly begunAt: number;
  readonly endedAt: number;
  readonly answer: Answer;
}

/** A customer that is there in the end. */
export interface Stored {
  readonly id: string;
  readonly business: string;
  readonly content: string;
}

/** All that was asked, and what is there in the end. */
export interface History {
  readonly intents: readonly Intent[];
  /** By the index of the intent, in order of their ends. */
  readonly questions: readonly (readonly Question[])[];
  readonly stored: readonly Stored[];
}

/** Writes down what is asked and answered. */
export class Recorder {
  readonly #intents: readonly Intent[];
  readonly #questions: Question[][];
  #clock = 0;

  constructor(intents: readonly Intent[]) {
    this.#intents = intents;
    this.#questions = intents.map(() => []);
  }

  async question(intent: Intent, asking: () => Promise<Answer>): Promise<Answer> {
    const begunAt = (this.#clock += 1);
    const answer = await asking();
    this.#questions[intent.index]?.push({ begunAt, endedAt: (this.#clock += 1), answer });
    return answer;
  }

  history(stored: readonly Stored[]): History {
    return { intents: this.#intents, questions: this.#questions, stored };
  }
}
