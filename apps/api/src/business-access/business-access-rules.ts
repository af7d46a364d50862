import { type Stats, readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { BusinessAccess } from '@bookings/domain';
import type { Logger } from 'pino';
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

  /**
   * Starts polling. A valid new version replaces the rules, and an invalid one is logged.
   *
   * @param onReload called after each change
   */
  watch(log: Logger, onReload: (succeeded: boolean) => void): void {
    log.info(this.#logFields(), 'the business access file is in force');
    this.#schedule(log, onReload);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(log: Logger, onReload: (succeeded: boolean) => void): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      void this.#reload(log, onReload).finally(() => {
        this.#schedule(log, onReload);
      });
    }, CHECK_INTERVAL_MS).unref();
  }

  async #reload(log: Logger, onReload: (succeeded: boolean) => void): Promise<void> {
    try {
      const bytes = await this.#newVersion();
      if (bytes === undefined || this.#closed) return;
      this.#current = readAccess(bytes);
      onReload(true);
      log.info(this.#logFields(), 'a new version of the business access file is in force');
    } catch (error) {
      onReload(false);
      const faults =
        error instanceof AccessFileError
          ? error.faults.map(({ wrong, expected }) => `${wrong}; expected: ${expected}`)
          : undefined;
      const message = 'the business access file is invalid, its last valid version stays in force';
      const reason = faults ? { faults } : { err: error };
      log.error({ alarm: 'business-access', ...reason }, message);
    }
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

  #logFields(): { readonly callers: number } {
    return { callers: this.#current.callerCount };
  }
}

function stateOf(stats: Stats, bytes: Uint8Array): FileState {
  const settled = Math.abs(Date.now() - stats.mtimeMs) > STAMP_SETTLES_MS;
  return { stamp: stampOf(stats), digest: digestOf(bytes), settled };
}
