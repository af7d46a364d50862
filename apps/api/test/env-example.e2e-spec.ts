import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { basename, join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { proxyEnvironment } from '@bookings/graph-fake';
import { SETTINGS } from '../src/config/settings.ts';
import { MAIN, type ProcessOptions, ProxyProcess, useProxyProcess } from './proxy-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const TEXT = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
const CHECK: ProcessOptions = { command: [process.execPath, MAIN, '--check'] };
const TENANT = '3c1f0a3e-7b52-4d0f-9f1b-6a2d8e4c5b70';
const launcher = useProxyProcess();

/** The settings of the file, with its text changed by `change`. */
function settings(change: (text: string) => string = (text) => text): Record<string, string> {
  const entries = Object.entries(parseEnv(change(TEXT)));
  return Object.fromEntries(entries.map(([key, value]) => [key, value ?? '']));
}

/** The settings as an administrator fills them in. Their files are in a folder of the test. */
function filledIn(): Record<string, string> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'bookings'));
  const own = settings((text) =>
    text
      .replaceAll('{tenant}', TENANT)
      .replaceAll('{proxy}', crypto.randomUUID())
      .replaceAll('{address}', 'https://bookings.contoso.com')
      .replaceAll('{networks}', '10.0.0.0/8')
      .replaceAll('{secret}', 'a secret that is long enough')
      .replaceAll('/var/lib/bookings', join(folder, 'bookings')),
  );
  for (const [key, text] of [
    ['BUSINESS_ACCESS_FILE', '{"callers":[]}'],
    ['AZURE_FEDERATED_TOKEN_FILE', 'token'],
  ] as const) {
    own[key] = join(folder, basename(own[key] ?? ''));
    writeFileSync(own[key], text);
  }
  return own;
}

/** An address of this machine that is not on loopback, if it has one. */
function outsideAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const outside = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
  return outside?.address ?? '127.0.0.1';
}

describe('.env.example', () => {
  it('has only settings that exist, and those that a container needs', () => {
    const known = SETTINGS.map(({ key }) => key);
    expect(Object.keys(settings()).filter((key) => !known.includes(key))).toEqual([]);
    expect(settings()).toMatchObject({
      HOST: '0.0.0.0',
      STATE_URL: expect.any(String),
      STATE_SECRET: expect.any(String),
      AUDIT_FILE: expect.any(String),
    });
  });

  it('passes --check once it is filled in', async () => {
    const proxy = new ProxyProcess('', filledIn(), CHECK);
    expect(await proxy.exit).toEqual([0, null]);
    expect([proxy.stdout, proxy.stderr]).toEqual(['settings: ok\n', '']);
  });

  it('names what is left to fill in', async () => {
    const left = Object.keys(settings()).filter((key) => settings()[key]?.includes('{'));
    expect(left).toHaveLength(8);
    const asShipped = settings();
    const given = Object.fromEntries(left.map((key) => [key, asShipped[key] ?? '']));
    const proxy = new ProxyProcess('', { ...filledIn(), ...given }, CHECK);
    expect(await proxy.exit).toEqual([78, null]);
    const [, ...lines] = proxy.stderr.trim().split('\n');
    expect(lines.map((line) => line.trim().split('; ')[0]).toSorted()).toEqual(
      left.map((key) => `${key} has a placeholder in braces`).toSorted(),
    );
  });

  it('starts a process that can be reached from outside, and keeps an audit', async () => {
    const own = filledIn();
    const { BUSINESS_ACCESS_FILE: _, ...open } = own;
    const issuer = { ...proxyEnvironment(launcher.fake), PORT: '0' };
    const token = await launcher.fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
    const proxy = await new ProxyProcess(token, { ...open, ...issuer }).listening();
    proxy.url = proxy.url.replace('127.0.0.1', outsideAddress());
    expect((await proxy.create()).status).toBe(201);
    expect(existsSync(own['AUDIT_FILE'] ?? '')).toBe(true);
    await proxy.stop();
  });
});
