import { describe, expect, it } from '@jest/globals';
import { AccessFile } from './access-file.ts';
import { AuditFolder } from './audit-folder.ts';
import { createPart, getPart, partsOf, sendBatch } from './batch-requests.ts';
import { BUSINESS, relativePath } from './documented.ts';
import { silenceBefore } from './faults.ts';
import { jsonObject, objectIn } from './json.ts';
import { Stack, useStack } from './stack.ts';

const file = new AccessFile({ businesses: [BUSINESS] });
const stack = useStack({ BUSINESS_ACCESS_FILE: file.path });

/** The number of requests in the metrics by operation and status. */
async function counts(): Promise<Record<string, number>> {
  const { text } = await stack.get('/metrics');
  const lines = text.matchAll(
    /^bookings_http_requests_total\{operation="(\w+)",status="(\d+)"\} (\d+)$/gm,
  );
  return Object.fromEntries(
    [...lines].map(([, operation, status, count]) => [`${operation} ${status}`, Number(count)]),
  );
}

const requestIdOf = (part: Record<string, unknown> | undefined) =>
  String(objectIn(part ?? {}, 'headers')['request-id']);

/** The fields of an operation that was sent once. */
const action = (name: string) => ({ 'event.action': name, 'bookings.attempts': 1 });

describe('a part of a batch', () => {
  it('is logged and counted with the status in its response', async () => {
    const before = await counts();
    const parts = partsOf(
      await sendBatch(stack, [
        createPart('1'),
        getPart('2', `${relativePath()}/missing`),
        getPart('3', relativePath('other@contoso.com')),
        createPart('4', { dependsOn: ['3'] }),
        getPart('5', '/me'),
        getPart('6', relativePath(), { dependsOn: ['1'] }),
      ]),
    );
    const expected = [
      [201, { ...action('createCustomer'), 'http.request.method': 'POST' }],
      [404, { ...action('getCustomer'), 'error.code': 'ErrorItemNotFound' }],
      [403, { 'error.code': 'Authorization_RequestDenied' }],
      [424, { 'http.request.method': 'POST', 'error.code': 'FailedDependency' }],
      [404, { 'http.request.method': 'GET', 'error.code': 'ResourceNotFound' }],
      [200, action('listCustomers')],
    ] as const;
    expect(parts.map(({ status }) => status)).toEqual(expected.map(([status]) => status));
    const after = await counts();
    const counted: Record<string, number> = {};
    for (const [index, part] of parts.entries()) {
      const line = await stack.lineOf(requestIdOf(part));
      const [status, fields] = expected[index] ?? [];
      expect(line).toMatchObject({
        'http.response.status_code': status,
        'bookings.app_id': expect.any(String) as unknown,
        ...fields,
      });
      const { 'event.action': operation = 'other' } = line;
      const name = `${String(operation)} ${String(status)}`;
      counted[name] = (counted[name] ?? 0) + 1;
    }
    for (const [name, count] of Object.entries(counted)) {
      expect([name, (after[name] ?? 0) - (before[name] ?? 0)]).toEqual([name, count]);
    }
    expect(Object.keys(after).filter((name) => name.endsWith(' 499'))).toEqual([]);
  });

  it('is logged with status 499 only if it was unfinished when the client disconnected', async () => {
    const folder = new AuditFolder();
    const other = await Stack.start({ AUDIT_FILE: folder.file });
    other.fake.script([{ kind: 'pass' }, silenceBefore()]);
    const caller = new AbortController();
    const parts = [createPart('1'), createPart('2', { dependsOn: ['1'] })];
    const gone = sendBatch(other, parts, { signal: caller.signal });
    await other.fake.arrived(2);
    caller.abort();
    await expect(gone).rejects.toThrow();
    await other.lineWith('bookings.outcome', 'unknown');
    await other.stop();
    const lines = other.logLines
      .map(jsonObject)
      .filter((line) => line['http.request.method'] === 'POST');
    const ends = lines.map((line) => ({
      operation: line['event.action'],
      status: line['http.response.status_code'],
      outcome: line['bookings.outcome'],
    }));
    expect(ends).toHaveLength(3);
    expect(ends).toContainEqual({ operation: 'createCustomer', status: 201 });
    expect(ends).toContainEqual({ operation: 'createCustomer', status: 499, outcome: 'unknown' });
    expect(ends).toContainEqual({ status: 499 });
    const outcomes = (await folder.records()).filter(({ record }) => record === 'outcome');
    // The second create was still running when the process ended.
    expect(outcomes.map(({ status }) => status)).toEqual([201, 502]);
  });
});
