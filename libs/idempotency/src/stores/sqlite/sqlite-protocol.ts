import { codeOf } from '../store-failure.ts';
import type { StoreSecrets } from '../../data-key.ts';
import type { GuardRequest } from '../../guard.ts';
import type { ForgottenSecret, StoreStatistics, UnknownKey } from '../../store.ts';
import type { KeyEvent, KeyOutcome } from '../../transition.ts';
import type { ClockShift } from './machine-clocks.ts';

/** The `workerData` of the worker. */
export interface SqliteOptions {
  readonly path: string;
  readonly secrets: StoreSecrets;
  /** How long a transaction waits for transactions of other processes. */
  readonly busyTimeoutMs: number;
  /** How long a command may take, from its call to its reply. */
  readonly replyTimeoutMs: number;
  readonly clockShift?: ClockShift | undefined;
}

export function isOptions(value: unknown): value is SqliteOptions {
  return value instanceof Object && 'path' in value && 'secrets' in value;
}

/** A command from the store to its worker. */
export type Command =
  /** Creates the file if it is missing. The other commands need an existing file. */
  | { readonly kind: 'open' }
  | { readonly kind: 'apply'; readonly key: string; readonly event: KeyEvent }
  | { readonly kind: 'purge'; readonly retentionMs: number; readonly limit: number }
  | { readonly kind: 'owned'; readonly customers: readonly string[] }
  | { readonly kind: 'statistics' }
  | { readonly kind: 'unknown-keys'; readonly limit: number; readonly key: string | undefined }
  | { readonly kind: 'age' }
  | { readonly kind: 'known'; readonly keys: readonly string[] }
  | { readonly kind: 'guard'; readonly request: GuardRequest }
  | { readonly kind: 'begin-serving'; readonly process: string }
  | { readonly kind: 'end-serving'; readonly process: string }
  | { readonly kind: 'forget-secret'; readonly secret: string };

/** The worker's reply to a command. It is sent when the changes are durable. */
export type Reply =
  | { readonly kind: 'opened'; readonly dataKey: string }
  | { readonly kind: 'applied'; readonly outcome: KeyOutcome }
  | { readonly kind: 'purged'; readonly count: number }
  | { readonly kind: 'found'; readonly customers: readonly string[] }
  | { readonly kind: 'counted'; readonly statistics: StoreStatistics }
  | { readonly kind: 'listed'; readonly keys: readonly UnknownKey[] }
  | { readonly kind: 'aged'; readonly ms: number | undefined }
  | { readonly kind: 'recognized'; readonly keys: readonly string[] }
  | { readonly kind: 'guarded' }
  | { readonly kind: 'serving'; readonly isTakeover: boolean }
  | { readonly kind: 'not-serving' }
  | { readonly kind: 'forgotten'; readonly forgotten: ForgottenSecret }
  | {
      readonly kind: 'failed';
      readonly unusable: boolean;
      readonly message: string;
      readonly code: string | undefined;
    };

export interface TimedCommand {
  readonly command: Command;
  /** When the store was called, in milliseconds of `elapsedMs`. */
  readonly calledAtMs: number;
  /** When the store gives up on the reply, in milliseconds of `elapsedMs`. */
  readonly endsAtMs: number;
}

/** The commands of one transaction, in order. */
export type Batch = readonly TimedCommand[];

/** One reply for each command of the batch. */
export type Replies = readonly Reply[];

/** Ends the worker after all commands before it. */
export const CLOSE = 'close';

/** Elapsed time that the store and its worker share: `performance.now()` differs between threads. */
export function elapsedMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/** What a command fails with whose time is over. */
export function notInTime(): Error {
  return new Error('the store did not answer in time');
}

export function failed(error: unknown): Reply & { kind: 'failed' } {
  const message = error instanceof Error ? error.message : String(error);
  return {
    kind: 'failed',
    unusable: error instanceof Error && error.name === 'StoreUnusable',
    message,
    code: codeOf(error),
  };
}
