import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { table } from '../src/documents.fixture.ts';
import { AuditFolder } from './audit-folder.ts';
import { customersPath } from './documented.ts';
import { newKey } from './idempotent-requests.ts';
import { Stack } from './stack.ts';
import { temporaryFolder } from './temporary-folder.ts';

let stack: Stack;
afterEach(() => stack.stop());

describe('the formulas for the size', () => {
  it('bound the requests of a mailbox by its places over the time of an answer', async () => {
    const [places, answerSeconds, requests] = [2, 0.25, 16];
    const settings = { MAILBOX_CONCURRENCY: String(places) };
    stack = await Stack.start(settings, { workMs: answerSeconds * 1000 });
    const list = () => stack.request('GET', customersPath());
    // The first request fetches keys and a token.
    await list();
    const beganMs = performance.now();
    const all = Array.from({ length: requests }, list);
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    const seconds = (performance.now() - beganMs) / 1000;
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(requests / seconds).toBeLessThan(places / answerSeconds);
    // The page reads the time of an answer from these metrics.
    const name = 'bookings_graph_request_duration_seconds';
    const mean = (await stack.metricSum(`${name}_sum`)) / (await stack.metricSum(`${name}_count`));
    expect(mean).toBeGreaterThanOrEqual(answerSeconds * 0.9);
  });

  it('know how much a create with a key takes in the store and in the audit', async () => {
    const audit = new AuditFolder();
    const path = join(temporaryFolder(), 'state.db');
    const creates = 150;
    const settings = { STATE_URL: `sqlite:${path}`, AUDIT_FILE: audit.file };
    stack = await Stack.start(settings);
    await stack.stop();
    const emptyBytes = (await stat(path)).size;
    stack = await Stack.start(settings);
    for (let index = 0; index < creates; index += 1) {
      const key = newKey();
      const body = JSON.stringify({ displayName: key, emailAddress: `${key}@contoso.com` });
      const { status } = await stack.create({ body, headers: { 'idempotency-key': key } });
      expect(status).toBe(201);
    }
    const auditBytes = (await stat(audit.file)).size;
    await stack.stop();
    const storeBytes = (await stat(path)).size - emptyBytes;
    const documented = table('docs/operations/capacity.md', 'Disk').map(([, bytes]) =>
      Number(bytes),
    );
    expect(documented).toHaveLength(2);
    const measured = [storeBytes / creates, auditBytes / creates];
    for (const [index, bytes] of measured.entries()) {
      expect(bytes).toBeLessThan(documented[index] ?? NaN);
      expect(bytes).toBeGreaterThan((documented[index] ?? NaN) * 0.75);
    }
  });
});
