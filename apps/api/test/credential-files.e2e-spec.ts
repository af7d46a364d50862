import { afterEach, describe, expect, it } from '@jest/globals';
import type { RegisteredClient } from '@bookings/graph-fake';
import { selfSigned } from '../src/config/self-signed.fixture.ts';
import { CREATE_PERMISSION } from './documented.ts';
import { jsonObject } from './json.ts';
import { MountedFile } from './mounted-file.ts';
import { Stack } from './stack.ts';
import { newUser } from './token-faults.ts';

interface Credential {
  /** What is in the file. */
  readonly file: string;
  /** What Entra has of it. */
  readonly registered: { readonly clientSecret?: string; readonly certificate?: string };
}
interface Kind {
  readonly setting: string;
  readonly make: () => Credential;
  /** A part of the file, or one that cannot be right. */
  readonly broken: (file: string) => string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  'client-secret': {
    setting: 'AZURE_CLIENT_SECRET_FILE',
    make: () => {
      const clientSecret = crypto.randomUUID();
      return { file: `${clientSecret}\n`, registered: { clientSecret } };
    },
    broken: (file) => `${file}${file}`,
  },
  'client-certificate': {
    setting: 'AZURE_CLIENT_CERTIFICATE_PATH',
    make: () => {
      const { certificate, privateKey } = selfSigned();
      return { file: certificate + privateKey, registered: { certificate } };
    },
    broken: (file) => file.slice(0, file.length / 2),
  },
};

describe.each(Object.entries(KINDS))('the file of a %s', (kind, { setting, make, broken }) => {
  let stack: Stack;
  let mounted: MountedFile;
  let client: { -readonly [Key in keyof RegisteredClient]: RegisteredClient[Key] };
  afterEach(() => stack.stop());

  /** Entra accepts these credentials and no others. */
  function accept(credential: Credential, other?: Credential): void {
    Object.assign(client, { clientSecret: 'of no one', certificate: undefined });
    Object.assign(client, credential.registered, { others: other?.registered });
  }
  async function start(credential: Credential): Promise<void> {
    const clientId = 'b9d6b7d2-6a0c-4f5e-9a53-1d2f3c4b5a60';
    const audience = 'api://bookings-proxy';
    client = { clientId, clientSecret: '', audience, roles: [CREATE_PERMISSION] };
    accept(credential);
    mounted = new MountedFile(credential.file);
    stack = await Stack.start(
      { GRAPH_CREDENTIAL: kind, AZURE_CLIENT_SECRET: undefined, [setting]: mounted.path },
      { clients: [client] },
    );
  }
  /** Creates for users whose tokens for Graph the proxy does not have yet. */
  const creates = async (count = 4) => {
    const create = async () => (await stack.create({ token: await newUser(stack) })).status;
    return Promise.all(Array.from({ length: count }, create));
  };
  const reloads = async () => [
    await stack.metric('bookings_credential_file_reloads_total{result="succeeded"}'),
    await stack.metric('bookings_credential_file_reloads_total{result="failed"}'),
  ];
  const alarms = () =>
    stack.logLines.map(jsonObject).filter((line) => line['bookings.alarm'] === 'credential-file');
  const [first, second] = [make(), make()];

  it('is replaced without a restart and without a failed request', async () => {
    await start(first);
    const before = creates();
    accept(first, second);
    mounted.replace(second.file);
    const during = creates();
    expect([...(await before), ...(await during)]).toEqual(Array.from({ length: 8 }, () => 201));
    accept(second);
    expect(await creates()).toEqual([201, 201, 201, 201]);
    expect([await reloads(), alarms()]).toEqual([[1, 0], []]);
    mounted.replace(first.file);
    expect(await creates(1)).toEqual([502]);
  });

  it.each<[string, (file: string) => string | undefined]>([
    ['missing', () => undefined],
    ['empty', () => ''],
    ['broken', broken],
  ])('leaves the last credential in use while it is %s', async (_title, change) => {
    await start(first);
    expect(await creates(1)).toEqual([201]);
    mounted.replace(change(second.file));
    expect(await creates()).toEqual([201, 201, 201, 201]);
    expect(await reloads()).toEqual([0, 1]);
    const [alarm, ...more] = alarms();
    expect(more).toEqual([]);
    expect(alarm).toMatchObject({ 'error.message': expect.stringMatching(`^${setting} `) });
    accept(second);
    mounted.replace(second.file);
    expect(await creates()).toEqual([201, 201, 201, 201]);
    expect(await reloads()).toEqual([1, 1]);
    const log = stack.logLines.join('');
    for (const line of `${first.file}${second.file}`.split('\n').filter(Boolean)) {
      expect(log).not.toContain(line);
    }
  });
});
