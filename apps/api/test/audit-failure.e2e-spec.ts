import { rm, symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NamedPipe } from '../src/audit/named-pipe.fixture.ts';
import { AuditFolder } from './audit-folder.ts';
import { BUSINESS, Stack, customersPath, jsonObject, objectIn } from './stack.ts';

const CUSTOMER = { displayName: 'Joni Sherman', emailAddress: '', addresses: [], phones: [] };
const WRITES = [
  ['POST', '', '{"displayName":"Adele Vance"}'],
  ['PATCH', '/{id}', '{"displayName":"Adele Vance"}'],
  ['DELETE', '/{id}', undefined],
] as const;

let folder: AuditFolder;
beforeEach(async () => {
  folder = await AuditFolder.make();
});
afterEach(async () => {
  await Stack.stopAll();
  await folder.remove();
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
    const { id } = stack.fake.add(BUSINESS, CUSTOMER);
    await symlink('/dev/full', folder.file);
    const url = `${customersPath()}${path.replace('{id}', id)}`;
    const answer = await stack.ask(method, url, body === undefined ? {} : { body });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.error).toMatchObject({
      code: 'ServiceUnavailable',
      message: 'This write could not be audited, so nothing was sent to Graph.',
      innerError: { origin: 'proxy', outcome: 'not-sent' },
    });
    expect(stack.seen).toBe(0);
    expect(await failures(stack)).toEqual({ intent: '1', outcome: '0' });
    const line = await stack.lineOf(answer.headers.get('request-id'));
    expect(line).toMatchObject({ status: 503, outcome: 'not-sent' });
    expect(JSON.stringify(line)).toContain('ENOSPC');
    expect(answer.text).not.toContain('ENOSPC');
  });

  it('leaves reads alone, is told at /readyz, and both end with its cause', async () => {
    const stack = await Stack.start({ AUDIT_FILE: folder.file });
    expect(await failures(stack)).toEqual({ intent: '0', outcome: '0' });
    await symlink('/dev/full', folder.file);
    const refused = await stack.create();
    const read = await stack.ask('GET', customersPath());
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

  it('is told at /readyz before the first one', async () => {
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
  it('is answered as if it could, and raises an alarm that holds the outcome', async () => {
    const stack = await Stack.start({ AUDIT_FILE: folder.file });
    stack.fake.script([{ kind: 'delay', delayMs: 100 }]);
    const creating = stack.create();
    await stack.fake.arrived(1);
    const [intent] = await folder.records();
    await folder.forget();
    await symlink('/dev/full', folder.file);
    const answer = await creating;
    const alarm = await stack.lineWith('alarm', 'audit-outcome');
    expect([answer.status, answer.body['displayName']]).toEqual([201, 'Joni Sherman']);
    expect(alarm).toMatchObject({ level: 50, err: { code: 'ENOSPC' } });
    const { business, time: _, ...rest } = intent ?? {};
    expect(business).toBe(BUSINESS);
    expect(objectIn(alarm, 'lost')).toEqual({
      ...rest,
      record: 'outcome',
      customerId: answer.body['id'],
      requestId: answer.headers.get('request-id'),
      outcome: 'done',
      status: 201,
      attempts: 1,
    });
    expect(stack.logLines.join('')).not.toContain(BUSINESS);
    expect(await failures(stack)).toEqual({ intent: '0', outcome: '1' });
  });
});

describe('a write whose intent is not written yet', () => {
  it('has not been sent', async () => {
    const pipe = new NamedPipe(folder.file);
    const stack = await Stack.start({ AUDIT_FILE: folder.file });
    const creating = stack.create();
    // By the time that these are answered, the create that came first would have been sent.
    for (let reads = 0; reads < 5; reads += 1) await stack.ask('GET', customersPath());
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

describe('without a file', () => {
  it.each(['info', 'error', 'silent'])(
    'audit records are lines of the log, also at the level %s',
    async (level) => {
      const stack = await Stack.start({ LOG_LEVEL: level });
      const { body } = await stack.create();
      const ready = await stack.readyWhen(({ status }) => status === 200);
      expect(ready.body).toEqual({ status: 'ready' });
      const records = stack.auditLines.map(jsonObject);
      expect(records).toHaveLength(2);
      const line = { audit: true, level: 30, time: expect.any(Number) as unknown };
      const [intent, outcome] = records;
      expect(intent).toMatchObject({ ...line, record: 'intent', business: BUSINESS });
      expect(outcome).toMatchObject({ ...line, record: 'outcome', customerId: body['id'] });
      expect(stack.logLines.length > 0).toBe(level === 'info');
    },
  );
});
