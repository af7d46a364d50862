import { symlink, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import manifest from '../../../package.json' with { type: 'json' };
import { EVENTS, type LogEvent } from '../src/observability/log-events.ts';
import { FIELDS } from '../src/observability/log-fields.ts';
import { AccessFile, accessJson } from './access-file.ts';
import { AuditFolder } from './audit-folder.ts';
import { BUSINESS, CREATE_PERMISSION, customersPath } from './documented.ts';
import { resetAfter } from './faults.ts';
import { jsonObject } from './json.ts';
import { freePort } from './local-server.ts';
import { faultsOfLine } from './log-line.ts';
import { type ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { StateFile } from './state-file.ts';
import { TcpRelay } from './tcp-relay.ts';
import { stateUrl } from './temporary-folder.ts';
import { refuseToken } from './token-faults.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const launcher = useProxyProcess();
/** The lines of all processes, as they were written. */
const lines: string[] = [];
const parsed = () => lines.map(jsonObject);

const event = (proxy: ProxyProcess, name: LogEvent) =>
  proxy.lineWith('message', EVENTS[name].message);

async function endOf(proxy: ProxyProcess): Promise<void> {
  await proxy.stop();
  lines.push(...proxy.stdout.trimEnd().split('\n'));
}

/** Requests that succeed, that are refused, and that fail; a reload, and a switch of the level. */
async function manyRequests(): Promise<void> {
  const { fake } = launcher;
  const us = { businesses: [BUSINESS] };
  const [file, url] = [new AccessFile(us), stateUrl()];
  const proxy = await launcher.start({
    BUSINESS_ACCESS_FILE: file.path,
    MANAGEMENT_PORT: '0',
    STATE_URL: url,
    MAILBOX_QUEUE_LIMITS: '1',
  });
  const key = { headers: { 'idempotency-key': 'a-key' } };
  const traced = {
    headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  };
  for (const options of [traced, key, key, { token: null }, { token: 'x.y.z' }, { body: '{' }]) {
    await proxy.create(options);
  }
  new StateFile(url).change(`answer = x''`);
  await proxy.create(key);
  fake.script([resetAfter(), refuseToken(65001)]);
  await proxy.create();
  const user = { scopes: [CREATE_PERMISSION], objectId: crypto.randomUUID() };
  await proxy.create({ token: await fake.issueToken(user) });
  const requests = [{ id: '1', method: 'GET', url: '/me' }];
  await proxy.create({ path: '/v1.0/$batch', body: JSON.stringify({ requests }) });
  for (const path of [customersPath(), customersPath('other@contoso.com'), '/nothing']) {
    await proxy.request('GET', path);
  }
  file.replace(accessJson(us, { ...us, appId: 'aaaaaaaa-0000-4000-8000-000000000001' }));
  await event(proxy, 'accessFileChanged');
  file.replace('{');
  await event(proxy, 'accessFileInvalid');
  proxy.child.kill('SIGUSR2');
  await event(proxy, 'logLevel');
  await fetch(`${proxy.managementUrl}/readyz`).then((response) => response.text());
  await event(proxy, 'misspeltSetting');
  await endOf(proxy);
}

/** The audit names a key that the store does not have, and an outcome is lost. */
async function auditFaults(): Promise<void> {
  const [folder, relay] = [new AuditFolder(), new TcpRelay()];
  const time = new Date().toISOString();
  const record = { time, record: 'outcome', auditId: '1', operation: 'createCustomer' };
  const kept = { ...record, keyDigest: 'a-digest', outcome: 'done' };
  await writeFile(folder.file, `${JSON.stringify(kept)}\n`);
  const { fake } = launcher;
  const proxy = await launcher.start({
    AUDIT_FILE: folder.file,
    ...(await relay.graphSettings(fake)),
  });
  fake.forget();
  relay.hold();
  const creating = proxy.create();
  await fake.arrived(1);
  await folder.clear();
  await symlink('/dev/full', folder.file);
  relay.release();
  await creating;
  await event(proxy, 'auditOutcomeLost');
  await endOf(proxy);
}

/** Neither the key set nor PostgreSQL can be reached. */
async function nothingThere(): Promise<void> {
  const closed = `127.0.0.1:${await freePort()}`;
  const proxy = await launcher.start({
    AUTH_JWKS_URL: `http://${closed}/keys`,
    STATE_URL: `postgres://u@${closed}/state`,
    STATE_SECRET: 'a secret of the tests',
  });
  await proxy.readyWhen(({ text }) => text.includes('cannot be read: '));
  await event(proxy, 'keySet');
  await event(proxy, 'permits');
  await endOf(proxy);
}

beforeAll(async () => {
  // One after the other, because any process may meet the faults of the fake.
  await manyRequests();
  await nothingThere();
  await auditFaults();
}, 300_000);

describe('the log of real processes', () => {
  it('has lines that are JSON, with the fields, types, messages and levels of docs/logs.md', () => {
    expect(lines.length).toBeGreaterThan(20);
    const wrong = lines.flatMap((line) =>
      faultsOfLine(jsonObject(line)).map((fault) => `${fault}: ${line}`),
    );
    expect(wrong).toEqual([]);
  });

  it('says in every line who wrote it, with which schema', () => {
    for (const line of parsed()) {
      expect(line).toMatchObject({
        'ecs.version': '8.11.0',
        'service.name': 'bookings-proxy',
        'service.version': manifest.version,
        'service.ephemeral_id': expect.stringMatching(UUID) as unknown,
      });
    }
  });

  it('has every field of docs/logs.md, and no other', () => {
    const logged = parsed().filter(({ audit }) => audit !== true);
    const seen = new Set(logged.flatMap((line) => Object.keys(line)));
    expect(Object.keys(FIELDS).filter((name) => !seen.has(name))).toEqual([]);
  });

  it('has audit records with the members that they have in AUDIT_FILE', () => {
    const intent = parsed().find(({ record }) => record === 'intent') ?? {};
    expect(Object.keys(intent)).toEqual([
      ...['log.level', '@timestamp', 'ecs.version', 'service.name', 'service.version'],
      ...['service.ephemeral_id', 'audit'],
      ...['time', 'record', 'auditId', 'operation', 'tokenKind', 'appId', 'tenantId', 'business'],
      ...['requestId', 'clientRequestId', 'traceId', 'message'],
    ]);
  });

  it('says what an error was caused by, with the code', () => {
    const lost = parsed().find((line) => line['error.code'] === 'BadGateway');
    expect(lost).toMatchObject({
      'bookings.outcome': 'unknown',
      'bookings.cause_code': expect.any(String) as unknown,
      'error.stack_trace': expect.stringContaining('\n    at ') as unknown,
    });
  });

  it('names no business, customer or path outside the audit', () => {
    const text = lines.filter((line) => jsonObject(line)['audit'] !== true).join('\n');
    expect(text).not.toMatch(/@contoso|Joni|solutions|\/nothing/i);
  });
});
