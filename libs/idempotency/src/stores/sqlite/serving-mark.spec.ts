import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SqliteUnderTest } from '../../testing/sqlite-under-test.ts';

const HOUR_MS = 3_600_000;

let file: SqliteUnderTest;
beforeEach(async () => {
  file = await SqliteUnderTest.create();
});
afterEach(() => file.remove());

async function served() {
  const store = await file.open();
  await store.beginServing();
  return store;
}

test('nothing runs before the first process', async () => {
  expect((await served()).othersMayRunForMs(HOUR_MS)).toBe(0);
});

test('nothing runs after a process that has closed the store', async () => {
  await (await served()).close();
  expect((await served()).othersMayRunForMs(HOUR_MS)).toBe(0);
});

test('after a process that was killed, its creates run for as long as a create may', async () => {
  await served();
  const next = await served();
  expect(next.othersMayRunForMs(HOUR_MS)).toBeGreaterThan(0);
  expect(next.othersMayRunForMs(HOUR_MS)).toBeLessThanOrEqual(HOUR_MS);
  expect(next.othersMayRunForMs(0)).toBe(0);
  expect(Number.isInteger(next.othersMayRunForMs(HOUR_MS))).toBe(true);
});

test('the end of a process does not end the serving of the one after it', async () => {
  const first = await served();
  await served();
  await first.close();
  expect((await served()).othersMayRunForMs(HOUR_MS)).toBeGreaterThan(0);
});

test('a command that only opens the store leaves no mark', async () => {
  await file.open();
  expect((await served()).othersMayRunForMs(HOUR_MS)).toBe(0);
});

test('a command that closes the store leaves the mark of the process', async () => {
  await served();
  await (await file.open()).close();
  expect((await served()).othersMayRunForMs(HOUR_MS)).toBeGreaterThan(0);
});
