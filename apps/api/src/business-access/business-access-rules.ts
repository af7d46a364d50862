import { type Stats, readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { BusinessAccess } from '@bookings/domain';
import {
  AccessFileError,
  assertFile,
  digestOf,
  readAccess,
  stampOf,
  unreadable,
} from './business-access-file.ts';

const CHECK_INTERVAL_MS = 1000;
/** File systems have coarse clocks, so a second change within this time may keep the stamp. */
const STAMP_SETTLES_MS = 3000;

/** Learns what becomes of the file. */
export interface AccessFileObserver {
  inForce(callers: number): void;
  changed(callers: number): void;
  /** A change is invalid or cannot be read. The last valid version stays in force. */
  refused(error: unknown): void;
}

/** The last observed state of the file, valid or not. */
interface FileState {
  readonly stamp: string;
  readonly digest: string;
  /** Whether any further change will change the stamp. */
  readonly settled: boolean;
}

/**
 * The rules of the last valid version of the business access file. The file is polled, because file
 * system events miss some changes, such as mounts and the links that Kubernetes swaps.
 */
export class BusinessAccessRules {
  #current: BusinessAccess;
  #lastState: FileState;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @throws AccessFileError with every fault */
  constructor(private readonly path: string) {
    try {
      const stats = statSync(path);
      assertFile(stats);
      const bytes = readFileSync(path);
      this.#current = readAccess(bytes);
      this.#lastState = stateOf(stats, bytes);
    } catch (error) {
      throw error instanceof AccessFileError ? error : unreadable(error);
    }
  }

  get current(): BusinessAccess {
    return this.#current;
  }

  /** Starts polling. A valid new version replaces the rules. */
  watch(observer: AccessFileObserver): void {
    observer.inForce(this.#current.callerCount);
    this.#schedule(observer);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(observer: AccessFileObserver): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      void this.#reload(observer).finally(() => {
        this.#schedule(observer);
      });
    }, CHECK_INTERVAL_MS).unref();
  }

  async #reload(observer: AccessFileObserver): Promise<void> {
    try {
      const bytes = await this.#newVersion();
      if (bytes === undefined || this.#closed) return;
      this.#current = readAccess(bytes);
    } catch (error) {
      observer.refused(error);
      return;
    }
    observer.changed(this.#current.callerCount);
  }

  /** @returns undefined when there is no complete new version. @throws AccessFileError once per invalid version */
  async #newVersion(): Promise<Buffer | undefined> {
    const before = this.#lastState;
    try {
      const stats = await stat(this.path);
      const stamp = stampOf(stats);
      if (stamp === before.stamp && before.settled) return undefined;
      assertFile(stats);
      const bytes = await readFile(this.path);
      if (stampOf(await stat(this.path)) !== stamp) return undefined;
      this.#lastState = stateOf(stats, bytes);
      return this.#lastState.digest === before.digest ? undefined : bytes;
    } catch (error) {
      const refusal = error instanceof AccessFileError ? error : unreadable(error);
      const digest = JSON.stringify(refusal.faults);
      this.#lastState = { stamp: '', digest, settled: true };
      if (digest === before.digest) return undefined;
      throw refusal;
    }
  }
}

function stateOf(stats: Stats, bytes: Uint8Array): FileState {
  const settled = Math.abs(Date.now() - stats.mtimeMs) > STAMP_SETTLES_MS;
  return { stamp: stampOf(stats), digest: digestOf(bytes), settled };
}
