import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type RegisteredClient, GraphFake } from '@bookings/graph-fake';
import { selfSigned } from '../src/config/self-signed.fixture.ts';
import { BUSINESS, CREATE_PERMISSION } from './documented.ts';
import { Stack } from './stack.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ADELE = '0e7c6a52-94d3-4b1f-8c2e-3a4b5c6d7e8f';
const SUBJECT = 'system:serviceaccount:bookings:proxy';
const first = selfSigned();
const second = selfSigned();

const folder = temporaryFolder();
const certificatePath = join(folder, 'client.pem');
const tokenFile = join(folder, 'federated');
let client: RegisteredClient & { certificate: string; federatedSubject: string };
let stack: Stack;
afterEach(async () => {
  await stack.stop();
  for (const name of ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER']) {
    Reflect.deleteProperty(process.env, name);
  }
});

type Kind = 'client-secret' | 'client-certificate' | 'workload-identity' | 'managed-identity';

/** Starts the proxy with a credential of this kind, and a fake that accepts it. */
async function start(kind: Kind): Promise<void> {
  client = {
    clientId: 'b9d6b7d2-6a0c-4f5e-9a53-1d2f3c4b5a60',
    clientSecret: 'the-secret-of-the-proxy',
    certificate: first.certificate,
    federatedSubject: SUBJECT,
    audience: 'api://bookings-proxy',
    roles: [CREATE_PERMISSION],
  };
  writeFileSync(certificatePath, first.certificate + first.privateKey);
  writeFileSync(tokenFile, '');
  const fakeOptions = { clients: [client], members: { [BUSINESS]: [ADELE] } };
  stack = await Stack.start(
    {
      GRAPH_CREDENTIAL: kind,
      ...(kind !== 'client-secret' && { AZURE_CLIENT_SECRET: undefined }),
      ...(kind === 'client-certificate' && { AZURE_CLIENT_CERTIFICATE_PATH: certificatePath }),
      ...(kind === 'workload-identity' && { AZURE_FEDERATED_TOKEN_FILE: tokenFile }),
    },
    fakeOptions,
  );
  writeFileSync(tokenFile, stack.fake.issueFederatedToken());
  if (kind !== 'managed-identity') return;
  // Azure sets these where a managed identity is available.
  process.env['IDENTITY_ENDPOINT'] = stack.fake.managedIdentity.url;
  process.env['IDENTITY_HEADER'] = stack.fake.managedIdentity.header;
}

const byUser = async (objectId = ADELE, lifetimeSeconds = 3600) =>
  stack.create({
    token: await stack.fake.issueToken({ scopes: [CREATE_PERMISSION], objectId, lifetimeSeconds }),
  });

describe.each<Kind>([
  'client-secret',
  'client-certificate',
  'workload-identity',
  'managed-identity',
])('%s', (kind) => {
  it('obtains a token for the proxy when an application calls', async () => {
    await start(kind);
    expect((await stack.create()).status).toBe(201);
    await stack.readyWhen(({ status }) => status === 200);
  });

  it.each([
    ['a member', ADELE, 201],
    ['not a member', crypto.randomUUID(), 404],
  ])('acts on behalf of the calling user: %s', async (_title, objectId, status) => {
    await start(kind);
    const response = await byUser(objectId);
    if (kind === 'managed-identity') {
      const token = await stack.fake.issueToken({ scopes: [CREATE_PERMISSION] });
      const { body } = await stack.request('GET', '/permissions', { token });
      // GET /permissions predicts the refusal with the same message.
      const missing = [expect.objectContaining({ code: 'UsersNotServed' })];
      expect(response.error['details']).toEqual(missing);
      expect(body['operations']).toContainEqual(
        expect.objectContaining({ operation: 'createCustomer', permitted: false, missing }),
      );
      expect([response.status, response.error['message'], stack.graphRequests]).toEqual([
        403,
        expect.stringContaining('managed identity cannot act on behalf of a user'),
        0,
      ]);
    } else {
      expect([response.status, stack.graphRequests]).toEqual([status, 1]);
    }
  });
});

describe('a credential that changes', () => {
  it('is read again from the certificate file', async () => {
    await start('client-certificate');
    client.certificate = second.certificate;
    expect(await byUser()).toMatchObject({ status: 502, innerError: { outcome: 'not-sent' } });
    writeFileSync(certificatePath, second.privateKey + second.certificate);
    expect((await byUser(ADELE, 3601)).status).toBe(201);
  });

  it('is read again from the file of the federated token', async () => {
    await start('workload-identity');
    client.federatedSubject = 'system:serviceaccount:bookings:other';
    expect(await byUser()).toMatchObject({ status: 502, innerError: { outcome: 'not-sent' } });
    writeFileSync(tokenFile, `${stack.fake.issueFederatedToken(client.federatedSubject)}\n`);
    expect((await byUser(ADELE, 3601)).status).toBe(201);
  });
});

describe('a credential that Entra refuses', () => {
  it('causes 502 with nothing sent, an alarm in the log, and 503 at /readyz', async () => {
    await start('client-secret');
    const wrong = 'another-secret';
    const other = await Stack.start({ AZURE_CLIENT_SECRET: wrong });
    const response = await other.create();
    const alarm = await other.lineWith('bookings.alarm', 'graph-identity');
    const ready = await other.readyWhen(({ text }) => !text.includes('in time'));
    await other.stop();
    expect([response.status, response.innerError['outcome'], other.graphRequests]).toEqual([
      502,
      'not-sent',
      0,
    ]);
    expect(alarm).toMatchObject({ 'log.level': 'error', 'error.message': expect.any(String) });
    expect([ready.status, ready.error['message']]).toEqual([
      503,
      'Not ready: The proxy could not obtain a token for Graph: invalid_client 7000215.',
    ]);
    const output = [response.text, ready.text, ...other.logLines].join('\n');
    expect(output).toContain('invalid_client');
    expect(output).not.toContain(wrong);
    expect(response.text).not.toMatch(/secret|invalid_client|AADSTS/);
  });

  it('causes 502 with nothing sent while the token endpoint is down', async () => {
    const fake = await GraphFake.start();
    await fake.close();
    stack = await Stack.start({ AZURE_AUTHORITY_HOST: fake.url });
    const { status, innerError } = await stack.create();
    expect([status, innerError['outcome'], stack.graphRequests]).toEqual([502, 'not-sent', 0]);
  });
});
