import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type RegisteredClient, GraphFake } from '@bookings/graph-fake';
import { selfSigned } from '../src/config/self-signed.fixture.ts';
import { BUSINESS, CREATE_PERMISSION, Stack } from './stack.ts';

const ADELE = '0e7c6a52-94d3-4b1f-8c2e-3a4b5c6d7e8f';
const SUBJECT = 'system:serviceaccount:bookings:proxy';
const first = selfSigned();
const second = selfSigned();

let folder: string;
let certificatePath: string;
let tokenFile: string;
let client: RegisteredClient & { certificate: string; federatedSubject: string };
let stack: Stack;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'credentials-'));
  certificatePath = join(folder, 'client.pem');
  tokenFile = join(folder, 'federated');
});
afterEach(async () => {
  await stack.stop();
  for (const name of ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER'])
    Reflect.deleteProperty(process.env, name);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Kind = 'client-secret' | 'client-certificate' | 'workload-identity' | 'managed-identity';

/** The proxy with an identity of this kind, in front of a fake that knows it. */
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
  // Where the platform tells a process that its machine has an identity.
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
  it('gets the proxy a token of its own, for whichever application calls', async () => {
    await start(kind);
    expect((await stack.create()).status).toBe(201);
    await stack.readyWhen(({ status }) => status === 200);
  });

  it.each([
    ['a member', ADELE, 201],
    ['nobody of the business', crypto.randomUUID(), 404],
  ])('goes up on behalf of the user who calls: %s', async (_title, objectId, status) => {
    await start(kind);
    const answer = await byUser(objectId);
    if (kind === 'managed-identity') {
      const token = await stack.fake.issueToken({ scopes: [CREATE_PERMISSION] });
      const { body } = await stack.ask('GET', '/permissions', { token });
      // What is refused is told beforehand, in the same words.
      const missing = [expect.objectContaining({ code: 'UsersNotServed' })];
      expect(answer.error['details']).toEqual(missing);
      expect(body['operations']).toContainEqual(
        expect.objectContaining({ operation: 'createCustomer', permitted: false, missing }),
      );
      expect([answer.status, answer.error['message'], stack.seen]).toEqual([
        403,
        expect.stringContaining('managed identity cannot act on behalf of a user'),
        0,
      ]);
    } else {
      expect([answer.status, stack.seen]).toEqual([status, 1]);
    }
  });
});

describe('an identity that changes', () => {
  it('is read anew from the file of its certificate', async () => {
    await start('client-certificate');
    client.certificate = second.certificate;
    expect(await byUser()).toMatchObject({ status: 502, innerError: { outcome: 'not-sent' } });
    writeFileSync(certificatePath, second.privateKey + second.certificate);
    expect((await byUser(ADELE, 3601)).status).toBe(201);
  });

  it('is read anew from the file of its federated token', async () => {
    await start('workload-identity');
    client.federatedSubject = 'system:serviceaccount:bookings:other';
    expect(await byUser()).toMatchObject({ status: 502, innerError: { outcome: 'not-sent' } });
    writeFileSync(tokenFile, `${stack.fake.issueFederatedToken(client.federatedSubject)}\n`);
    expect((await byUser(ADELE, 3601)).status).toBe(201);
  });
});

describe('an identity that Entra refuses', () => {
  it('is 502 to the caller with nothing sent, an alarm in the log and 503 at /readyz', async () => {
    await start('client-secret');
    const wrong = 'another-secret';
    const other = await Stack.start({ AZURE_CLIENT_SECRET: wrong });
    const answer = await other.create();
    const alarm = await other.lineWith('alarm', 'graph-identity');
    const ready = await other.readyWhen(({ text }) => !text.includes('in time'));
    await other.stop();
    expect([answer.status, answer.innerError['outcome'], other.seen]).toEqual([502, 'not-sent', 0]);
    expect(alarm).toMatchObject({ level: 50, err: { message: expect.any(String) } });
    expect([ready.status, ready.error['message']]).toEqual([
      503,
      'Not ready: The proxy could not obtain a token for Graph.',
    ]);
    const shown = [answer.text, ready.text, ...other.logLines].join('\n');
    expect(shown).toContain('invalid_client');
    expect(shown).not.toContain(wrong);
    expect(answer.text).not.toMatch(/secret|invalid_client|AADSTS/);
  });

  it('serves nobody while there is no token, and goes on as soon as there is one', async () => {
    const fake = await GraphFake.start();
    await fake.close();
    stack = await Stack.start({ AZURE_AUTHORITY_HOST: fake.url });
    const { status, innerError } = await stack.create();
    expect([status, innerError['outcome'], stack.seen]).toEqual([502, 'not-sent', 0]);
  });
});
