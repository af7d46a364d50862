import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CredentialConfig, readCredential } from './credential.ts';
import { selfSigned } from './self-signed.fixture.ts';
import { SettingReader } from './setting-reader.ts';

type Environment = Record<string, string>;

const ENTRA = 'https://login.microsoftonline.com';
const graph = (host: string) => `https://${host}/v1.0`;
const CHINA = graph('microsoftgraph.chinacloudapi.cn');
const NO_BOOKINGS = 'is in the cloud of 21Vianet in China, where Graph has no Bookings';
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
    'not valid yet': Object.values(selfSigned(-1)).join(''),
    broken: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' + privateKey,
    token: 'federated',
    secret: 's3cret\n',
    empty: '\n',
    'two lines': 'one\ntwo\n',
  };
  for (const [name, text] of Object.entries(texts)) {
    files[name] = join(folder, name);
    writeFileSync(files[name], text);
  }
  files['absent'] = join(folder, 'absent');
  files['folder'] = folder;
  files['device'] = '/dev/zero';
  files['large'] = join(folder, 'large');
  writeFileSync(files['large'], 'x');
  // Has no blocks on the disk.
  truncateSync(files['large'], 2 ** 30);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function load(env: Environment): { config: CredentialConfig; faults: string[] } {
  const read = new SettingReader(env);
  const config = readCredential(read, read.url('GRAPH_BASE_URL'));
  return { config, faults: read.faults.map(({ key, wrong }) => `${key} ${wrong}`) };
}

describe('readCredential', () => {
  it.each<[string, Environment, string[]]>([
    ['a client secret', secret, []],
    [
      'the authority of the cloud, given explicitly',
      { ...secret, AZURE_AUTHORITY_HOST: `${ENTRA}/` },
      [],
    ],
    [
      'an authority on a loopback host',
      { ...secret, AZURE_AUTHORITY_HOST: 'http://127.0.0.1:1' },
      [],
    ],
    [
      'only the kind',
      { GRAPH_BASE_URL: secret.GRAPH_BASE_URL, GRAPH_CREDENTIAL: 'client-secret' },
      [
        'AZURE_TENANT_ID is missing',
        'AZURE_CLIENT_ID is missing',
        'AZURE_CLIENT_SECRET is missing',
      ],
    ],
    [
      'a tenant alias',
      { ...secret, AZURE_TENANT_ID: 'common' },
      ['AZURE_TENANT_ID is not the id or a domain of a tenant'],
    ],
    [
      'a tenant with a path',
      { ...secret, AZURE_TENANT_ID: 'a/../b' },
      ['AZURE_TENANT_ID is not the id or a domain of a tenant'],
    ],
    [
      'an authority with a path',
      { ...secret, AZURE_AUTHORITY_HOST: `${ENTRA}/x` },
      ['AZURE_AUTHORITY_HOST has a path'],
    ],
    [
      'the authority of another cloud',
      { ...secret, AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us' },
      ['AZURE_AUTHORITY_HOST belongs to another cloud than GRAPH_BASE_URL'],
    ],
    [
      'Graph behind a gateway and the authority of Entra',
      { ...secret, GRAPH_BASE_URL: graph('gateway.contoso.com'), AZURE_AUTHORITY_HOST: ENTRA },
      ['AZURE_AUTHORITY_HOST issues tokens for another Graph than GRAPH_BASE_URL'],
    ],
    [
      'Graph in an unknown cloud',
      { ...secret, GRAPH_BASE_URL: graph('gateway.contoso.com') },
      ['AZURE_AUTHORITY_HOST is missing, and GRAPH_BASE_URL is in no known cloud'],
    ],
    [
      'Graph on a loopback host and a remote authority',
      {
        ...secret,
        GRAPH_BASE_URL: 'http://127.0.0.1:1/v1.0',
        AZURE_AUTHORITY_HOST: 'https://login.contoso.com',
      },
      ['AZURE_AUTHORITY_HOST is not a loopback host, but GRAPH_BASE_URL is'],
    ],
    [
      'the cloud in China',
      { ...secret, GRAPH_BASE_URL: CHINA, AZURE_AUTHORITY_HOST: 'https://login.chinacloudapi.cn' },
      [`GRAPH_BASE_URL ${NO_BOOKINGS}`],
    ],
    [
      'Graph in China without an authority',
      { ...secret, GRAPH_BASE_URL: CHINA },
      [`GRAPH_BASE_URL ${NO_BOOKINGS}`],
    ],
    [
      'Graph in China with the authority of Entra',
      { ...secret, GRAPH_BASE_URL: CHINA, AZURE_AUTHORITY_HOST: ENTRA },
      [`GRAPH_BASE_URL ${NO_BOOKINGS}`],
    ],
    [
      'the authority of China with Graph elsewhere',
      { ...secret, AZURE_AUTHORITY_HOST: 'https://login.partner.microsoftonline.cn' },
      [`AZURE_AUTHORITY_HOST ${NO_BOOKINGS}`],
    ],
    [
      'an access token',
      { GRAPH_BASE_URL: graph('x.y'), GRAPH_CREDENTIAL: 'access-token', GRAPH_ACCESS_TOKEN: 't' },
      [],
    ],
    [
      'a missing access token',
      { GRAPH_BASE_URL: graph('x.y'), GRAPH_CREDENTIAL: 'access-token' },
      ['GRAPH_ACCESS_TOKEN is missing'],
    ],
    [
      'an access token with a space',
      { GRAPH_BASE_URL: graph('x.y'), GRAPH_CREDENTIAL: 'access-token', GRAPH_ACCESS_TOKEN: 'a b' },
      ['GRAPH_ACCESS_TOKEN is not a bearer token'],
    ],
    [
      'a managed identity',
      { GRAPH_BASE_URL: graph('graph.microsoft.com'), GRAPH_CREDENTIAL: 'managed-identity' },
      [],
    ],
  ])('checks the settings: %s', (_title, env, faults) => {
    expect(load(env).faults).toEqual(faults);
  });

  it.each([
    ['graph.microsoft.com', ENTRA],
    ['graph.microsoft.us', 'https://login.microsoftonline.us'],
    ['dod-graph.microsoft.us', 'https://login.microsoftonline.us'],
  ])('derives the authority and the resource from the cloud of %s', (host, authority) => {
    const { config, faults } = load({ ...secret, GRAPH_BASE_URL: graph(host) });
    expect(faults).toEqual([]);
    expect(config).toMatchObject({ authority, resource: `https://${host}` });
  });

  it.each([
    ['good', undefined],
    ['reversed', undefined],
    ['absent', 'names a file that does not exist'],
    ['folder', 'is a folder'],
    ['not valid yet', 'contains a certificate that is not valid yet'],
    ['no certificate', 'contains no PEM certificate'],
    ['no key', 'contains no PEM private key'],
    ['another key', 'contains a private key that does not match the certificate'],
    ['encrypted', 'contains an encrypted private key'],
    ['expired', 'contains an expired certificate'],
    ['broken', 'contains an invalid certificate or private key'],
  ])('checks the certificate file: %s', (file, fault) => {
    const AZURE_CLIENT_CERTIFICATE_PATH = files[file] ?? '';
    const { faults } = load({
      ...secret,
      GRAPH_CREDENTIAL: 'client-certificate',
      AZURE_CLIENT_CERTIFICATE_PATH,
    });
    expect(faults).toEqual(fault === undefined ? [] : [`AZURE_CLIENT_CERTIFICATE_PATH ${fault}`]);
  });

  it.each([
    ['token', []],
    ['absent', ['AZURE_FEDERATED_TOKEN_FILE names a file that does not exist']],
    ['empty', []],
    ['folder', ['AZURE_FEDERATED_TOKEN_FILE is a folder']],
    ['device', ['AZURE_FEDERATED_TOKEN_FILE is not a file']],
    ['large', ['AZURE_FEDERATED_TOKEN_FILE names a file that is too large for a credential']],
  ])('checks the file of the federated token: %s', (file, expected) => {
    const env = { ...secret, GRAPH_CREDENTIAL: 'workload-identity' };
    expect(load({ ...env, AZURE_FEDERATED_TOKEN_FILE: files[file] ?? '' }).faults).toEqual(
      expected,
    );
  });

  it.each([
    ['secret', []],
    ['absent', ['AZURE_CLIENT_SECRET_FILE names a file that does not exist']],
    ['folder', ['AZURE_CLIENT_SECRET_FILE is a folder']],
    ['empty', ['AZURE_CLIENT_SECRET_FILE names an empty file']],
    ['two lines', ['AZURE_CLIENT_SECRET_FILE names a file with more than a secret']],
  ])('checks the file of the client secret: %s', (file, expected) => {
    const { AZURE_CLIENT_SECRET: _, ...env } = secret;
    const AZURE_CLIENT_SECRET_FILE = files[file] ?? '';
    expect(load({ ...env, AZURE_CLIENT_SECRET_FILE }).faults).toEqual(expected);
    expect(load({ ...secret, AZURE_CLIENT_SECRET_FILE }).faults).toEqual([
      'AZURE_CLIENT_SECRET_FILE is set together with AZURE_CLIENT_SECRET',
      ...expected,
    ]);
  });

  it('says which addresses fit together', () => {
    const read = new SettingReader({ ...secret, GRAPH_BASE_URL: CHINA });
    readCredential(read, read.url('GRAPH_BASE_URL'));
    expect(read.faults.map(({ expected }) => expected)).toEqual([
      'the addresses of one cloud: https://graph.microsoft.com with https://login.microsoftonline.com, https://graph.microsoft.us with https://login.microsoftonline.us, https://dod-graph.microsoft.us with https://login.microsoftonline.us',
    ]);
    const other = new SettingReader({
      ...secret,
      AZURE_AUTHORITY_HOST: 'https://login.chinacloudapi.cn',
    });
    readCredential(other, other.url('GRAPH_BASE_URL'));
    expect(other.faults.map(({ expected }) => expected)).toEqual([
      'https://login.microsoftonline.com, which belongs to https://graph.microsoft.com',
    ]);
  });
});
