import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CredentialConfig, readCredential } from './credential.ts';
import { selfSigned } from './self-signed.fixture.ts';
import { SettingReader } from './setting-reader.ts';

type Environment = Record<string, string>;

const ENTRA = 'https://login.microsoftonline.com';
const graph = (host: string) => `https://${host}/v1.0`;
const identity = { AZURE_TENANT_ID: 'contoso.onmicrosoft.com', AZURE_CLIENT_ID: 'c' };
const secret = {
  ...identity,
  GRAPH_BASE_URL: graph('graph.microsoft.com'),
  GRAPH_CREDENTIAL: 'client-secret',
  AZURE_CLIENT_SECRET: 's',
};

let folder: string;
const files: Record<string, string> = {};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'credential-'));
  const { certificate, privateKey } = selfSigned();
  const encrypted = createPrivateKey(privateKey)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString();
  const texts = {
    good: privateKey + certificate,
    reversed: certificate + privateKey,
    'no certificate': privateKey,
    'no key': certificate,
    'another key': certificate + selfSigned().privateKey,
    encrypted: certificate + encrypted,
    expired: Object.values(selfSigned(3)).join(''),
    broken: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' + privateKey,
    token: 'federated',
  };
  for (const [name, text] of Object.entries(texts)) {
    files[name] = join(folder, name);
    writeFileSync(files[name], text);
  }
  files['absent'] = join(folder, 'absent');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function judged(env: Environment): { config: CredentialConfig; faults: string[] } {
  const read = new SettingReader(env);
  const config = readCredential(read, read.url('GRAPH_BASE_URL'));
  return { config, faults: read.faults.map(({ key, wrong }) => `${key} ${wrong}`) };
}

describe('the identity of the proxy', () => {
  it.each<[string, Environment, string[]]>([
    ['a client secret', secret, []],
    ['the authority of its cloud, named', { ...secret, AZURE_AUTHORITY_HOST: `${ENTRA}/` }, []],
    ['an issuer on this machine', { ...secret, AZURE_AUTHORITY_HOST: 'http://127.0.0.1:1' }, []],
    [
      'nothing but the kind',
      { GRAPH_BASE_URL: secret.GRAPH_BASE_URL, GRAPH_CREDENTIAL: 'client-secret' },
      [
        'AZURE_TENANT_ID is missing',
        'AZURE_CLIENT_ID is missing',
        'AZURE_CLIENT_SECRET is missing',
      ],
    ],
    [
      'no tenant in particular',
      { ...secret, AZURE_TENANT_ID: 'common' },
      ['AZURE_TENANT_ID names no tenant'],
    ],
    [
      'a tenant with a path',
      { ...secret, AZURE_TENANT_ID: 'a/../b' },
      ['AZURE_TENANT_ID names no tenant'],
    ],
    [
      'an authority with a path',
      { ...secret, AZURE_AUTHORITY_HOST: `${ENTRA}/x` },
      ['AZURE_AUTHORITY_HOST has a path'],
    ],
    [
      'the authority of another cloud',
      { ...secret, AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us' },
      ['AZURE_AUTHORITY_HOST is of another cloud'],
    ],
    [
      'Graph behind a gateway and Entra itself',
      { ...secret, GRAPH_BASE_URL: graph('gateway.contoso.com'), AZURE_AUTHORITY_HOST: ENTRA },
      ['AZURE_AUTHORITY_HOST issues tokens for a Graph that GRAPH_BASE_URL does not name'],
    ],
    [
      'Graph in no known cloud',
      { ...secret, GRAPH_BASE_URL: graph('gateway.contoso.com') },
      ['AZURE_AUTHORITY_HOST is missing, and GRAPH_BASE_URL is in no cloud that is known'],
    ],
    [
      'Graph on this machine and tokens from elsewhere',
      {
        ...secret,
        GRAPH_BASE_URL: 'http://127.0.0.1:1/v1.0',
        AZURE_AUTHORITY_HOST: 'https://login.contoso.com',
      },
      ['AZURE_AUTHORITY_HOST is elsewhere than GRAPH_BASE_URL'],
    ],
    [
      'China',
      {
        ...secret,
        GRAPH_BASE_URL: graph('microsoftgraph.chinacloudapi.cn'),
        AZURE_AUTHORITY_HOST: 'https://login.chinacloudapi.cn',
      },
      [
        'GRAPH_BASE_URL is in the cloud that 21Vianet runs in China, where Graph has no Bookings',
        'AZURE_AUTHORITY_HOST is in the cloud that 21Vianet runs in China, where Graph has no Bookings',
      ],
    ],
    [
      'a token for trying out',
      { GRAPH_BASE_URL: graph('x.y'), GRAPH_CREDENTIAL: 'access-token', GRAPH_ACCESS_TOKEN: 't' },
      [],
    ],
    [
      'no token',
      { GRAPH_BASE_URL: graph('x.y'), GRAPH_CREDENTIAL: 'access-token' },
      ['GRAPH_ACCESS_TOKEN is missing'],
    ],
    [
      'a token of two words',
      { GRAPH_BASE_URL: graph('x.y'), GRAPH_CREDENTIAL: 'access-token', GRAPH_ACCESS_TOKEN: 'a b' },
      ['GRAPH_ACCESS_TOKEN is no bearer token'],
    ],
    [
      'the identity of the machine',
      { GRAPH_BASE_URL: graph('graph.microsoft.com'), GRAPH_CREDENTIAL: 'managed-identity' },
      [],
    ],
  ])('is judged: %s', (_title, env, faults) => {
    expect(judged(env).faults).toEqual(faults);
  });

  it.each([
    ['graph.microsoft.com', ENTRA],
    ['graph.microsoft.us', 'https://login.microsoftonline.us'],
    ['dod-graph.microsoft.us', 'https://login.microsoftonline.us'],
  ])('goes with the cloud of %s: Graph, authority and what tokens are for', (host, authority) => {
    const { config, faults } = judged({ ...secret, GRAPH_BASE_URL: graph(host) });
    expect(faults).toEqual([]);
    expect(config).toMatchObject({ authority, resource: `https://${host}` });
  });

  it.each([
    ['good', undefined],
    ['reversed', undefined],
    ['absent', 'names a file that cannot be read'],
    ['no certificate', 'holds no certificate in PEM'],
    ['no key', 'holds no private key in PEM'],
    ['another key', 'holds a private key of another certificate'],
    ['encrypted', 'holds an encrypted private key'],
    ['expired', 'holds an expired certificate'],
    ['broken', 'holds a certificate or a private key that cannot be read'],
  ])('is judged by its certificate: %s', (file, fault) => {
    const AZURE_CLIENT_CERTIFICATE_PATH = files[file] ?? '';
    const { faults } = judged({
      ...secret,
      GRAPH_CREDENTIAL: 'client-certificate',
      AZURE_CLIENT_CERTIFICATE_PATH,
    });
    expect(faults).toEqual(fault === undefined ? [] : [`AZURE_CLIENT_CERTIFICATE_PATH ${fault}`]);
  });

  it.each([
    ['token', []],
    ['absent', ['AZURE_FEDERATED_TOKEN_FILE names a file that cannot be read']],
  ])('is judged by the file of its federated token: %s', (file, expected) => {
    const env = { ...secret, GRAPH_CREDENTIAL: 'workload-identity' };
    expect(judged({ ...env, AZURE_FEDERATED_TOKEN_FILE: files[file] ?? '' }).faults).toEqual(
      expected,
    );
  });
});
