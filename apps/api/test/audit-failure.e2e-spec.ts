import { rm, symlink } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { NamedPipe } from '../src/audit/named-pipe.fixture.ts';
import { AuditFolder } from './audit-folder.ts';
import { BUSINESS, customersPath, STORED_CUSTOMER } from './documented.ts';
import { jsonObject, objectIn } from './json.ts';
import { Stack } from './stack.ts';
import { TcpRelay } from './tcp-relay.ts';

const WRITES = [
  ['POST', '', '{"displayName":"Adele Vance"}'],
  ['PATCH', '/{id}', '{"displayName":"Adele Vance"}'],
  ['DELETE', '/{id}', undefined],
] as const;

let folder: AuditFolder;
beforeEach(() => {
  folder = new AuditFolder();
});

async function failures(stack: Stack): Promise<Record<string, string | undefined>> {
  const { text } = await stack.get('/metrics');
  const count = (record: string) =>
    new RegExp(`^bookings_audit_failures_total\\{record="${record}"\\} (\\d+)$`, 'm').exec(
      text,
    )?.[1];
  return { intent: count('intent'), outcome: count('outcome') };
}

describe('a write whose intent cannot be written', () => {
  it.each(WRITES)('%s %s is refused and never sent', async (method, path, body) => {
    const stack = await Stack.start({ AUDIT_FILE: folder.file });
    const { id } = stack.fake.add(BUSINESS, STORED_CUSTOMER);
    await symlink('/dev/full', folder.file);
    const url = `${customersPath()}${path.replace('{id}', id)}`;
    const response = await stack.request(method, url, body === undefined ? {} : { body });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(response.error).toMatchObject({
      code: 'ServiceUnavailable',
      message: 'This write could not be audited, so nothing was sent to Graph.',
      innerError: { origin: 'proxy', outcome: 'not-sent' },
    });
    expect(stack.graphRequests).toBe(0);
    expect(await failures(stack)).toEqual({ intent: '1', outcome: '0' });
    const line = await stack.lineOf(response.headers.get('request-id'));
    expect(line).toMatchObject({
      'http.response.status_code': 503,
      'bookings.outcome': 'not-sent',
    });
    expect(JSON.stringify(line)).toContain('ENOSPC');
    expect(response.text).not.toContain('ENOSPC');
  });

  it('does not affect reads, degrades /readyz, and recovers when the file is writable', async () => {
    const stack = await Stack.start({ AUDIT_FILE: folder.file });
    expect(await failures(stack)).toEqual({ intent: '0', outcome: '0' });
    await symlink('/dev/full', folder.file);
    const refused = await stack.create();
    const read = await stack.request('GET', customersPath());
    const ready = await stack.readyWhen(({ body }) => 'degraded' in body);
    expect([refused.status, read.status, ready.status]).toEqual([503, 200, 200]);
    expect(ready.body).toEqual({
      status: 'ready',
      degraded: ['writes are refused: the audit file cannot be written (ENOSPC)'],
    });
    await rm(folder.file);
    await stack.readyWhen(({ body }) => body['status'] === 'ready' && !('degraded' in body));
    expect((await stack.create()).status).toBe(201);
    expect((await folder.records()).map(({ record }) => record)).toEqual(['intent', 'outcome']);
  });

  it('degrades /readyz before the first write', async () => {
    const stack = await Stack.start({ AUDIT_FILE: folder.file });
    await folder.remove();
    const { body } = await stack.readyWhen(({ text }) => text.includes('ENOENT'));
    expect(body).toEqual({
      status: 'ready',
      degraded: ['writes are refused: the audit file cannot be written (ENOENT)'],
    });
  });
});

describe('a write whose outcome cannot be written', () => {
  it('gets its usual response, and the alarm in the log contains the outcome', async () => {
    const relay = new TcpRelay();
    const stack = await Stack.start(async (fake) => ({
      ...(await relay.graphSettings(fake)),
      AUDIT_FILE: folder.file,
    }));
    relay.hold();
    const creating = stack.create();
    await stack.fake.arrived(1);
    const [intent] = await folder.records();
    await folder.clear();
    await symlink('/dev/full', folder.file);
    relay.release();
    const response = await creating;
    const alarm = await stack.lineWith('bookings.alarm', 'audit-outcome');
    expect([response.status, response.body['displayName']]).toEqual([201, 'Joni Sherman']);
    expect(alarm).toMatchObject({ 'log.level': 'error', 'error.code': 'ENOSPC' });
    const { business, time: _, ...rest } = intent ?? {};
    expect(business).toBe(BUSINESS);
    expect(objectIn(alarm, 'bookings.lost')).toEqual({
      ...rest,
      record: 'outcome',
      customerId: response.body['id'],
      requestId: response.headers.get('request-id'),
      outcome: 'done',
      status: 201,
      attempts: 1,
    });
    expect(stack.logLines.join('')).not.toContain(BUSINESS);
    expect(await failures(stack)).toEqual({ intent: '0', outcome: '1' });
  });
});

describe('a write whose intent is not written yet', () => {
  it('is not sent', async () => {
    const pipe = new NamedPipe(folder.file);
    const stack = await Stack.start({ AUDIT_FILE: folder.file });
    const creating = stack.create();
    // Without an audit, the create would be sent before these reads are answered.
    for (let reads = 0; reads < 5; reads += 1) await stack.request('GET', customersPath());
    expect(stack.fake.requests().requests.map(({ method }) => method)).not.toContain('POST');
    const records = pipe.lines(2);
    expect((await creating).status).toBe(201);
    expect((await records).map((line) => jsonObject(line)['record'])).toEqual([
      'intent',
      'outcome',
    ]);
    await pipe.close();
  });
});

describe('without an audit file', () => {
  it.each(['info', 'error', 'silent'])(
    'audit records are log lines, also at level %s',
    async (level) => {
      const stack = await Stack.start({ LOG_LEVEL: level });
      const { body } = await stack.create();
      const ready = await stack.readyWhen(({ status }) => status === 200);
      expect(ready.body).toEqual({ status: 'ready' });
      const records = stack.auditLines.map(jsonObject);
      expect(records).toHaveLength(2);
      const line = { audit: true, 'log.level': 'info', message: 'audit' };
      const [intent, outcome] = records;
      expect(intent).toMatchObject({ ...line, record: 'intent', business: BUSINESS });
      expect(outcome).toMatchObject({ ...line, record: 'outcome', customerId: body['id'] });
      expect(stack.logLines.length > 0).toBe(level === 'info');
    },
  );
});
