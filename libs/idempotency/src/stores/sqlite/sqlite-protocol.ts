import type { StoreFigures, UnknownKey } from '../../store.ts';
import type { KeyEvent, KeyOutcome } from '../../transition.ts';

/** What the worker is started with. */
export interface SqliteOptions {
  readonly path: string;
  readonly secretCheck: string;
  /** How long a transaction waits for those of other processes. */
  readonly busyTimeoutMs: number;
}

export function isOptions(value: unknown): value is SqliteOptions {
  return value instanceof Object && 'path' in value && 'secretCheck' in value;
}

/** What the store asks of its worker. */
export type Command =
  /** Makes the file where there is none: every other command needs one. */
  | { readonly kind: 'open' }
  | { readonly kind: 'apply'; readonly key: string; readonly event: KeyEvent }
  | { readonly kind: 'purge'; readonly retentionMs: number; readonly limit: number }
  | { readonly kind: 'owned'; readonly customers: readonly string[] }
  | { readonly kind: 'figures' }
  | { readonly kind: 'unknown-keys'; readonly limit: number }
  | { readonly kind: 'probe' };

/** What the worker answers, once it is on the disk. */
export type Reply =
  | { readonly kind: 'opened' }
  | { readonly kind: 'applied'; readonly outcome: KeyOutcome }
  | { readonly kind: 'purged'; readonly count: number }
  | { readonly kind: 'found'; readonly customers: readonly string[] }
  | { readonly kind: 'counted'; readonly figures: StoreFigures }
  | { readonly kind: 'listed'; readonly keys: readonly UnknownKey[] }
  | { readonly kind: 'probed' }
  | { readonly kind: 'failed'; readonly unusable: boolean; readonly message: string };

/** The commands of one transaction, in the order in which they are carried out. */
export type Batch = readonly Command[];

/** One for each command of the batch. */
export type Replies = readonly Reply[];

/** Ends the worker, behind everything that it was asked. */
export const CLOSE = 'close';

export function failed(error: unknown): Reply & { kind: 'failed' } {
  const message = error instanceof Error ? error.message : String(error);
  return {
    kind: 'failed',
    unusable: error instanceof Error && error.name === 'StoreUnusable',
    message,
  };
}
