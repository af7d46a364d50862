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

const LOOK_EVERY_MS = 1000;
/** Clocks of file systems are coarse: within that time a second change may leave the same stamp. */
const STAMP_SETTLES_MS = 3000;

/** What was last seen of the file, good or not. */
interface Sight {
  readonly stamp: string;
  readonly digest: string;
  /** Whether another stamp is sure to follow another change. */
  readonly settled: boolean;
}

/**
 * The rules of the business access file that are in force: those of its last good version. The file
 * is looked at again and again, because no notice of the system's covers what can be done to it:
 * written in place, replaced, mounted anew, reached through links that are swapped (Kubernetes).
 */
export class BusinessRules {
  #current: BusinessAccess;
  #sight: Sight;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @throws AccessFileError with everything that is wrong with the file */
  constructor(private readonly path: string) {
    try {
      const stats = statSync(path);
      assertFile(stats);
      const bytes = readFileSync(path);
      this.#current = readAccess(bytes);
      this.#sight = sightOf(stats, bytes);
    } catch (error) {
      throw error instanceof AccessFileError ? error : unreadable(error);
    }
  }

  get current(): BusinessAccess {
    return this.#current;
  }

  /** From now on a good new version takes the place of the old one, and a broken one is logged. */
  watch(log: Logger): void {
    log.info(this.#figures(), 'the business access file is in force');
    this.#lookLater(log);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #lookLater(log: Logger): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      void this.#look(log).finally(() => {
        this.#lookLater(log);
      });
    }, LOOK_EVERY_MS).unref();
  }

  async #look(log: Logger): Promise<void> {
    try {
      const bytes = await this.#newVersion();
      if (bytes === undefined || this.#closed) return;
      this.#current = readAccess(bytes);
      log.info(this.#figures(), 'a new version of the business access file is in force');
    } catch (error) {
      const faults =
        error instanceof AccessFileError
          ? error.faults.map(({ wrong, expected }) => `${wrong}; expected: ${expected}`)
          : undefined;
      const message = 'the business access file is refused, its last good version stays in force';
      log.error(faults ? { faults } : { err: error }, message);
    }
  }

  /** Undefined when there is none, or it is being written. @throws AccessFileError once for each */
  async #newVersion(): Promise<Buffer | undefined> {
    const before = this.#sight;
    try {
      const stats = await stat(this.path);
      const stamp = stampOf(stats);
      if (stamp === before.stamp && before.settled) return undefined;
      assertFile(stats);
      const bytes = await readFile(this.path);
      if (stampOf(await stat(this.path)) !== stamp) return undefined;
      this.#sight = sightOf(stats, bytes);
      return this.#sight.digest === before.digest ? undefined : bytes;
    } catch (error) {
      const refusal = error instanceof AccessFileError ? error : unreadable(error);
      const digest = JSON.stringify(refusal.faults);
      this.#sight = { stamp: '', digest, settled: true };
      if (digest === before.digest) return undefined;
      throw refusal;
    }
  }

  #figures(): { readonly callers: number } {
    return { callers: this.#current.callerCount };
  }
}

function sightOf(stats: Stats, bytes: Uint8Array): Sight {
  const settled = Math.abs(Date.now() - stats.mtimeMs) > STAMP_SETTLES_MS;
  return { stamp: stampOf(stats), digest: digestOf(bytes), settled };
}
