import type { Action } from './operations.ts';

/** The number of created and deleted customers at one moment. */
export interface Moment {
  readonly created: number;
  readonly gone: number;
}

/** Counts the customers that all callers of one business have created and deleted. */
export class Census {
  /** Ids of the deleted customers, in order of deletion. */
  readonly gone = new Set<string>();
  /** Number of created customers. */
  created = 0;
  /** Number of creates that are in progress. */
  #creating = 0;
  #deleting = 0;

  now(): Moment {
    return { created: this.created, gone: this.gone.size };
  }

  /** Registers actions before they are sent. Call the result after their responses. */
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

  /** Bounds of the number of customers for a request that was sent at `then` and has ended now. */
  bounds(then: Moment): { readonly least: number; readonly most: number } {
    return {
      least: then.created - this.gone.size - this.#deleting,
      most: this.created + this.#creating - then.gone,
    };
  }
}
