import { symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import { type OpenStore, StoreConnection } from '@bookings/idempotency';
import { loadConfig } from '../src/config/config.ts';
import { guardedStore, guardIfRestored } from '../src/idempotency/restored-store.ts';
import { guardSince } from '../src/keys/guard-store.ts';
import { createLog } from '../src/observability/logging.ts';
import { jsonObject } from './json.ts';
import { POLL_MS } from './proxy-client.ts';
import { onTeardown } from './teardown.ts';
import { temporaryFolder } from './temporary-folder.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const log = createLog('info', { write: () => undefined });
let path: string;
let auditFile: string;
beforeEach(() => {
  const folder = temporaryFolder();
  path = join(folder, 'state.db');
  auditFile = join(folder, 'audit.jsonl');
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Sets the wall clock of this process. That of the store goes on as before. */
function setWallClock(ms: number): void {
  const now = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => now() + ms);
}

function connectionTo(): StoreConnection {
  const connection = new StoreConnection({
    url: `sqlite:${path}`,
    secret: 'a secret of the tests',
    previousSecret: undefined,
  });
  onTeardown(() => connection.close());
  return connection;
}

/** When the first create may have been lost. */
function guardedSinceMs(): number {
  using database = new DatabaseSync(path);
  const row = database.prepare(`SELECT value FROM idempotency_meta WHERE name = 'guard'`).get();
  return Number(jsonObject(String(row?.['value']))['sinceMs']);
}

describe('a guard that begins an hour after its time was taken', () => {
  it('reaches back to the first lost create, when the audit was long', async () => {
    const record = { record: 'intent', operation: 'createCustomer', auditId: 'a', keyDigest: 'k' };
    writeFileSync(auditFile, `${JSON.stringify({ time: new Date().toISOString(), ...record })}\n`);
    const { store } = await connectionTo().connect();
    const nowMs = Date.now();
    const options = { auditFile, retentionMs: DAY_MS, deadlineMs: 20_000 };
    const guarding = guardIfRestored(store, options, log);
    setWallClock(HOUR_MS);
    await guarding;
    // In this test the clock of the store has not gone on.
    expect(guardedSinceMs() + HOUR_MS).toBeLessThanOrEqual(nowMs - DAY_MS + HOUR_MS / 2);
  });

  it('reaches back to the time of the copy, when the store was long to open', async () => {
    const nowMs = Date.now();
    const guarding = guardSince(connectionTo(), new Date(nowMs).toISOString(), DAY_MS);
    setWallClock(HOUR_MS);
    await guarding;
    expect(guardedSinceMs() + HOUR_MS).toBeLessThanOrEqual(nowMs + HOUR_MS / 2);
  });
});

describe('an opening that fails', () => {
  it('leaves the mark of a process that was killed', async () => {
    const fake = await GraphFake.start();
    onTeardown(() => fake.close());
    const settings = { ...proxyEnvironment(fake), STATE_URL: `sqlite:${path}` };
    const serving = (audit?: string) => {
      const connection = guardedStore({ ...loadConfig(settings), auditFile: audit }, log);
      onTeardown(() => connection.close());
      return connection;
    };
    // It never ends its serving.
    await serving().connect();
    // A link to itself cannot be read.
    symlinkSync(auditFile, auditFile);
    const next = serving(auditFile);
    await expect(next.connect()).rejects.toThrow('ELOOP');
    unlinkSync(auditFile);
    let open: OpenStore | undefined;
    while (!open) {
      open = await next.connect().catch(() => undefined);
      if (!open) await sleep(POLL_MS);
    }
    expect(open.store.othersMayRunForMs(20_000)).toBeGreaterThan(0);
  });
});
