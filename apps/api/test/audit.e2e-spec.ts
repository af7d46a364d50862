import { beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATION_NAMES, isWrite } from '@bookings/domain';
import { AuditFolder } from './audit-folder.ts';
import { BUSINESS, CREATE_PERMISSION, relativePath, STORED_CUSTOMER } from './documented.ts';
import { silenceBefore } from './faults.ts';
import { Stack, useStack } from './stack.ts';
import { TcpRelay } from './tcp-relay.ts';

const folder = new AuditFolder();
const stack = useStack({ AUDIT_FILE: folder.file });
beforeEach(() => folder.clear());

describe('the audit of a write', () => {
  it('has no user id for an application', async () => {
    await stack.create();
    const [intent, outcome] = await folder.records();
    for (const record of [intent, outcome]) {
      expect(record).toMatchObject({ tokenKind: 'application' });
      expect(record).not.toHaveProperty('objectId');
      expect(record).not.toHaveProperty('subject');
    }
  });

  it('names a user by the object id, or by `sub` where there is none', async () => {
    for (const oid of ['adele', undefined]) {
      const claims = { oid, sub: 'pairwise' };
      await stack.create({
        token: await stack.fake.issueToken({ scopes: [CREATE_PERMISSION], claims }),
      });
    }
    const records = await folder.records();
    expect(records.map(({ objectId, subject }) => [objectId, subject])).toEqual([
      ...[1, 2].map(() => ['adele', undefined]),
      ...[1, 2].map(() => [undefined, 'pairwise']),
    ]);
  });

  it('has records for every part of a batch that writes', async () => {
    const { id } = stack.fake.add(BUSINESS, STORED_CUSTOMER);
    const url = relativePath();
    const headers = { 'Content-Type': 'application/json' };
    const requests = [
      { id: '1', method: 'POST', url, headers, body: { displayName: 'Adele Vance' } },
      { id: '2', method: 'PATCH', url: `${url}/unknown`, headers, body: { displayName: 'x' } },
      { id: '3', method: 'GET', url },
      { id: '4', method: 'POST', url, headers, body: {} },
      { id: '5', method: 'DELETE', url: `${url}/${id}` },
    ];
    await stack.request('POST', '/v1.0/$batch', { body: JSON.stringify({ requests }) });
    const records = await folder.records();
    const of = (record: string) => records.filter((each) => each['record'] === record);
    expect(new Set(of('intent').map(({ operation }) => operation))).toEqual(
      new Set(OPERATION_NAMES.filter(isWrite)),
    );
    expect(records).toHaveLength(6);
    expect(
      Object.fromEntries(of('outcome').map((each) => [each['operation'], each['outcome']])),
    ).toEqual({
      createCustomer: 'done',
      updateCustomer: 'refused',
      deleteCustomer: 'done',
    });
  });

  it('reports "not-sent" when the queue of the business is full', async () => {
    const relay = new TcpRelay();
    const small = await Stack.start(async (fake) => ({
      ...(await relay.graphSettings(fake)),
      AUDIT_FILE: folder.file,
      MAILBOX_CONCURRENCY: '1',
      MAILBOX_QUEUE_LIMIT: '0',
    }));
    relay.hold();
    const first = small.create();
    await small.fake.arrived(1);
    expect((await small.create()).status).toBe(429);
    relay.release();
    await first;
    await small.stop();
    expect((await folder.records()).find(({ status }) => status === 429)).toMatchObject({
      outcome: 'not-sent',
      code: 'TooManyRequests',
      attempts: 0,
    });
  });

  it('reports "not-sent" when Graph cannot be reached', async () => {
    const alone = await Stack.start({
      AUDIT_FILE: folder.file,
      GRAPH_BASE_URL: 'http://127.0.0.1:1/v1.0',
      GRAPH_CREDENTIAL: 'access-token',
      GRAPH_ACCESS_TOKEN: 'x',
    });
    await alone.create();
    await alone.stop();
    const outcome = { outcome: 'not-sent', status: 502, code: 'BadGateway', attempts: 3 };
    expect((await folder.records())[1]).toMatchObject(outcome);
  });

  it('has an outcome after the client disconnected', async () => {
    const other = await Stack.start({ AUDIT_FILE: folder.file });
    other.fake.script([silenceBefore()]);
    const caller = new AbortController();
    const gone = other.create({ signal: caller.signal });
    await other.fake.arrived(1);
    caller.abort();
    await expect(gone).rejects.toThrow();
    await other.lineWith('http.response.status_code', 499);
    await other.stop();
    // The create was still running when the process ended.
    const outcome = { record: 'outcome', outcome: 'unknown', status: 502, attempts: 1 };
    expect((await folder.records())[1]).toMatchObject(outcome);
  });
});
