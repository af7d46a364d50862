import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OPERATION_NAMES, isWrite } from '@bookings/domain';
import { AuditFolder } from './audit-folder.ts';
import { BUSINESS, Stack } from './stack.ts';

/** Made behind the back of the proxy, so that there is nothing of it in the audit. */
const CUSTOMER = { displayName: 'Joni Sherman', emailAddress: '', addresses: [], phones: [] };

let folder: AuditFolder;
let stack: Stack;
beforeAll(async () => {
  folder = await AuditFolder.make();
  stack = await Stack.start({ AUDIT_FILE: folder.file });
});
afterAll(async () => {
  await stack.stop();
  await folder.remove();
});
beforeEach(async () => {
  stack.fake.forget();
  await folder.forget();
});

describe('the audit of a write', () => {
  it('says of an application that no user is behind it', async () => {
    await stack.create();
    const [intent, outcome] = await folder.records();
    for (const record of [intent, outcome]) {
      expect(record).toMatchObject({ tokenKind: 'application' });
      expect(record).not.toHaveProperty('objectId');
    }
  });

  it('is kept for every part of a batch that writes', async () => {
    const { id } = stack.fake.add(BUSINESS, CUSTOMER);
    const url = `/solutions/bookingBusinesses/${BUSINESS}/customers`;
    const headers = { 'Content-Type': 'application/json' };
    const requests = [
      { id: '1', method: 'POST', url, headers, body: { displayName: 'Adele Vance' } },
      { id: '2', method: 'PATCH', url: `${url}/nobody`, headers, body: { displayName: 'x' } },
      { id: '3', method: 'GET', url },
      { id: '4', method: 'POST', url, headers, body: {} },
      { id: '5', method: 'DELETE', url: `${url}/${id}` },
    ];
    await stack.ask('POST', '/v1.0/$batch', { body: JSON.stringify({ requests }) });
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

  it('says that nothing was sent where the queue of the business is full', async () => {
    const small = await Stack.start({
      AUDIT_FILE: folder.file,
      MAILBOX_CONCURRENCY: '1',
      MAILBOX_QUEUE_LIMIT: '0',
    });
    small.fake.script([{ kind: 'delay', delayMs: 200 }]);
    const first = small.create();
    await small.fake.arrived(1);
    expect((await small.create()).status).toBe(429);
    await first;
    await small.stop();
    expect((await folder.records()).find(({ status }) => status === 429)).toMatchObject({
      outcome: 'not-sent',
      code: 'TooManyRequests',
      attempts: 0,
    });
  });

  it('says that nothing was sent where Graph cannot be reached', async () => {
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

  it('has an outcome too when the caller has left, before the process ends', async () => {
    const other = await Stack.start({ AUDIT_FILE: folder.file });
    other.fake.script([{ kind: 'silence', when: 'before-stored' }]);
    const caller = new AbortController();
    const gone = other.create({ signal: caller.signal });
    await other.fake.arrived(1);
    caller.abort();
    await expect(gone).rejects.toThrow();
    await other.lineWith('status', 499);
    await other.stop();
    const outcome = { record: 'outcome', outcome: 'unknown', status: 499, attempts: 1 };
    expect((await folder.records())[1]).toMatchObject(outcome);
  });
});
