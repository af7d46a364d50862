import type { Action } from './operations.ts';

/** How far things were at one moment. */
export interface Moment {
  readonly created: number;
  readonly gone: number;
}

/** What all callers of one business know together: how many customers it can have. */
export class Census {
  /** Ids of the customers that were deleted, in that order. */
  readonly gone = new Set<string>();
  /** How many were created. */
  created = 0;
  /** How many more may have been, because no answer has come yet. */
  #creating = 0;
  #deleting = 0;

  now(): Moment {
    return { created: this.created, gone: this.gone.size };
  }

  /** Notes what is about to be asked for; the result is to be called once it is answered. */
  begin(actions: readonly Action[]): () => void {
    const creates = actions.filter(({ kind }) => kind === 'create').length;
    const deletes = actions.filter(({ kind }) => kind === 'delete').length;
    this.#creating += creates;
    this.#deleting += deletes;
    return () => {
      this.#creating -= creates;
      this.#deleting -= deletes;
    };
  }

  /** How many customers a request can have found that left at `then` and is answered now. */
  bounds(then: Moment): { readonly least: number; readonly most: number } {
    return {
      least: then.created - this.gone.size - this.#deleting,
      most: this.created + this.#creating - then.gone,
    };
  }
}
