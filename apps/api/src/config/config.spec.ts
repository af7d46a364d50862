import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from './config.ts';
import { SETTINGS } from './settings.ts';

const complete = {
  AUTH_ISSUERS: 'https://login.example.com/t/v2.0',
  AUTH_AUDIENCES: 'api://bookings-proxy',
  AUTH_JWKS_URL: 'https://login.example.com/keys',
  GRAPH_BASE_URL: 'https://graph.microsoft.com/v1.0',
  GRAPH_CREDENTIAL: 'access-token',
  GRAPH_ACCESS_TOKEN: 'token',
};
function faults(env: Record<string, string | undefined>): string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ key, wrong }) => `${key} ${wrong}`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'config-'));
const large = join(folder, 'large');
writeFileSync(large, '');
// Has no blocks on the disk.
truncateSync(large, 2 ** 30);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('loadConfig', () => {
  it('fills in the documented defaults', () => {
    expect(loadConfig(complete)).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      publicBaseUrl: undefined,
      logLevel: 'info',
      bodyLimitBytes: 65_536,
      shutdownDelayMs: 0,
      shutdownGraceMs: 25_000,
      graph: {
        addressSchema: 'documented',
        deadlineMs: 20_000,
        attemptTimeoutMs: 10_000,
        mailbox: { concurrency: 4, queueLimit: 64 },
      },
    });
  });

  it('uses the address of the key set as it is written, and base URLs without a slash at the end', () => {
    const keys = (AUTH_JWKS_URL: string) => loadConfig({ ...complete, AUTH_JWKS_URL }).auth.jwksUrl;
    for (const url of ['https://login.example.com/keys', 'https://login.example.com/keys/']) {
      expect(keys(url)).toBe(url);
    }
    const { publicBaseUrl, graph } = loadConfig({
      ...complete,
      PUBLIC_BASE_URL: 'https://bookings.contoso.com/',
      GRAPH_BASE_URL: `${complete.GRAPH_BASE_URL}/`,
    });
    expect([publicBaseUrl, graph.baseUrl]).toEqual([
      'https://bookings.contoso.com',
      complete.GRAPH_BASE_URL,
    ]);
  });

  it.each<[string, Record<string, string | undefined>, string[]]>([
    [
      'a setting of a later version',
      { ...complete, UNIQUE_LIST_MAX_AGE_MS: '60000' },
      ['UNIQUE_LIST_MAX_AGE_MS is not supported by this version: remove it'],
    ],
    [
      'no settings',
      {},
      [
        'AUTH_ISSUERS is missing',
        'AUTH_AUDIENCES is missing',
        'AUTH_JWKS_URL is missing',
        'GRAPH_BASE_URL is missing',
        'GRAPH_CREDENTIAL is missing',
      ],
    ],
    [
      'an empty value',
      { ...complete, HOST: ' ', AUTH_TENANTS: '' },
      ['HOST is empty', 'AUTH_TENANTS is empty'],
    ],
    ['an empty list', { ...complete, AUTH_AUDIENCES: ',' }, ['AUTH_AUDIENCES is an empty list']],
    [
      'a port out of range',
      { ...complete, PORT: '65536' },
      ['PORT is not a number in the allowed range'],
    ],
    [
      'a number with a unit',
      { ...complete, GRAPH_DEADLINE_MS: '20s' },
      ['GRAPH_DEADLINE_MS is not a number in the allowed range'],
    ],
    ['an unknown level', { ...complete, LOG_LEVEL: 'loud' }, ['LOG_LEVEL is not an allowed value']],
    [
      'plain http to another host',
      { ...complete, GRAPH_BASE_URL: 'http://graph.microsoft.com' },
      ['GRAPH_BASE_URL uses http without TLS'],
    ],
    [
      'plain http to a host that begins like loopback',
      { ...complete, AUTH_JWKS_URL: 'http://127.0.0.1.example.com/k' },
      ['AUTH_JWKS_URL uses http without TLS'],
    ],
    [
      'another protocol',
      { ...complete, PUBLIC_BASE_URL: 'ftp://x' },
      ['PUBLIC_BASE_URL is not an https URL'],
    ],
    ['no URL', { ...complete, AUTH_JWKS_URL: 'keys' }, ['AUTH_JWKS_URL is not a URL']],
    [
      'credentials in a URL',
      { ...complete, GRAPH_BASE_URL: 'https://a:b@x' },
      ['GRAPH_BASE_URL contains credentials'],
    ],
    [
      'a query',
      { ...complete, PUBLIC_BASE_URL: 'https://x/?a' },
      ['PUBLIC_BASE_URL has a query or a fragment'],
    ],
    [
      'a template without tenants',
      { ...complete, AUTH_ISSUERS: 'https://x/{tid}/v2.0' },
      ['AUTH_TENANTS is missing'],
    ],
    [
      'another placeholder',
      { ...complete, AUTH_ISSUERS: 'https://x/{tenantid}/v2.0' },
      ['AUTH_ISSUERS has a placeholder in braces'],
    ],
    [
      'a placeholder that was not replaced',
      { ...complete, AUTH_AUDIENCES: '{proxy}', HOST: '{tid}' },
      ['HOST has a placeholder in braces', 'AUTH_AUDIENCES has a placeholder in braces'],
    ],
    [
      'a placeholder or nothing in a setting of another credential',
      { ...complete, AZURE_CLIENT_SECRET: '{secret}', AZURE_FEDERATED_TOKEN_FILE: '' },
      ['AZURE_CLIENT_SECRET has a placeholder in braces', 'AZURE_FEDERATED_TOKEN_FILE is empty'],
    ],
    [
      'a URL without slashes',
      { ...complete, PUBLIC_BASE_URL: 'https:foo' },
      ['PUBLIC_BASE_URL is not a URL'],
    ],
    [
      'an empty query',
      { ...complete, PUBLIC_BASE_URL: 'https://x/?' },
      ['PUBLIC_BASE_URL has a query or a fragment'],
    ],
    ['no trusted proxies', { ...complete, TRUSTED_PROXIES: 'none' }, []],
    [
      'an invalid network',
      { ...complete, TRUSTED_PROXIES: '10.0.0.0/33' },
      ['TRUSTED_PROXIES contains an invalid network'],
    ],
    ['an audit file that exists', { ...complete, AUDIT_FILE: fileURLToPath(import.meta.url) }, []],
    [
      'an audit file that can be created',
      { ...complete, AUDIT_FILE: fileURLToPath(new URL('audit.jsonl', import.meta.url)) },
      [],
    ],
    ['a folder as the audit file', { ...complete, AUDIT_FILE: '.' }, ['AUDIT_FILE is a folder']],
    [
      'an audit file in a folder that does not exist',
      { ...complete, AUDIT_FILE: 'nowhere/audit.jsonl' },
      ['AUDIT_FILE is in a folder that does not exist'],
    ],
    [
      'an audit file in a folder that is a file',
      { ...complete, AUDIT_FILE: `${fileURLToPath(import.meta.url)}/audit.jsonl` },
      ['AUDIT_FILE is in a folder that does not exist'],
    ],
    [
      'a business access file that does not exist',
      { ...complete, BUSINESS_ACCESS_FILE: '/nowhere/access.json', PORT: 'x' },
      [
        'PORT is not a number in the allowed range',
        'BUSINESS_ACCESS_FILE names a file that does not exist',
      ],
    ],
    [
      'a business access file that is a folder',
      { ...complete, BUSINESS_ACCESS_FILE: import.meta.dirname },
      ['BUSINESS_ACCESS_FILE is not a file'],
    ],
    [
      'a business access file that is too large',
      { ...complete, BUSINESS_ACCESS_FILE: large },
      ['BUSINESS_ACCESS_FILE names a file of more than 64 MiB'],
    ],
    [
      'an unknown store',
      { ...complete, STATE_URL: 'redis://x' },
      ['STATE_URL is not the URL of a store'],
    ],
    [
      'a file without a name',
      { ...complete, STATE_URL: 'sqlite:' },
      ['STATE_URL is not the URL of a store'],
    ],
    [
      'a store in memory',
      { ...complete, STATE_URL: 'sqlite::memory:' },
      ['STATE_URL is not the URL of a store'],
    ],
    [
      'a shared store without a secret',
      { ...complete, STATE_URL: 'postgres://bookings@db.contoso.com/state' },
      ['STATE_SECRET is missing'],
    ],
    [
      'a short secret',
      { ...complete, STATE_SECRET: 'fifteen letters' },
      ['STATE_SECRET is too short'],
    ],
    [
      'settings of idempotent creates',
      { ...complete, IDEMPOTENCY_KEY: 'always', IDEMPOTENCY_RETENTION_HOURS: '0' },
      [
        'IDEMPOTENCY_KEY is not an allowed value',
        'IDEMPOTENCY_RETENTION_HOURS is not a number in the allowed range',
      ],
    ],
    ['a store in a file', { ...complete, STATE_URL: 'sqlite:/var/lib/bookings/state.db' }, []],
    [
      'a shared store',
      {
        ...complete,
        STATE_URL: 'postgresql://bookings:pw@db.contoso.com:5432/state?sslmode=require',
        STATE_SECRET: 'sixteen letters.',
      },
      [],
    ],
    [
      'settings of traces',
      { ...complete, OTEL_EXPORTER_OTLP_ENDPOINT: 'collector', OTEL_TRACES_SAMPLER: 'all' },
      ['OTEL_EXPORTER_OTLP_ENDPOINT is not a URL', 'OTEL_TRACES_SAMPLER is not an allowed value'],
    ],
    ['the required settings', complete, []],
  ])('checks %s', (_title, env, expected) => {
    expect(faults(env)).toEqual(expected);
  });

  it('never contains a value', () => {
    const secret = 'se cret';
    const env = Object.fromEntries(SETTINGS.map(({ key }) => [key, secret]));
    expect(() => loadConfig(env)).toThrow(ConfigError);
    try {
      loadConfig(env);
    } catch (error) {
      expect(String(error)).not.toContain(secret);
    }
  });
});
