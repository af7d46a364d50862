import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AuditFolder } from './audit-folder.ts';
import { readersRefused, refusedCallers } from './cases.ts';
import { BUSINESS, DOCUMENTED_REQUEST, Stack, customersPath } from './stack.ts';

/** Made behind the back of the proxy, so that there is nothing of it in the audit. */
const CUSTOMER = { displayName: 'Joni Sherman', emailAddress: '', addresses: [], phones: [] };

let folder: AuditFolder;
let stack: Stack;
beforeAll(async () => {
  folder = await AuditFolder.make();
  stack = await Stack.start({ AUDIT_FILE: folder.file });
});
afterAll(async () => {
  await stack.stop();
  await folder.remove();
});
beforeEach(async () => {
  stack.fake.forget();
  await folder.forget();
});

describe('what leaves nothing in the audit', () => {
  it.each(['', '?$top=1', '/$count', '/{id}'])('reading %s', async (path) => {
    const { id } = stack.fake.add(BUSINESS, CUSTOMER);
    const answer = await stack.ask('GET', `${customersPath()}${path.replace('{id}', id)}`);
    expect([answer.status, existsSync(folder.file)]).toEqual([200, false]);
  });

  it.each([...refusedCallers('', DOCUMENTED_REQUEST), ...readersRefused('', DOCUMENTED_REQUEST)])(
    '%s',
    async (_title, { holds, status }) => {
      const token = holds ? await stack.fake.issueToken(holds) : null;
      expect([(await stack.create({ token })).status, existsSync(folder.file)]).toEqual([
        status,
        false,
      ]);
    },
  );

  it.each<[string, string, Record<string, string>]>([
    ['a body that breaks a rule', '{"displayName":""}', {}],
    ['a body that is not JSON', '{', {}],
    ['another media type', '{}', { 'content-type': 'text/plain' }],
    ['a header that is not honoured', DOCUMENTED_REQUEST, { 'if-none-match': '*' }],
  ])('%s', async (_title, body, headers) => {
    const { status } = await stack.create({ body, headers });
    expect([status === 400 || status === 415, existsSync(folder.file)]).toEqual([true, false]);
  });
});

describe('what is never in the audit', () => {
  it('a name, an address, an e-mail address, a phone number or a token', async () => {
    const { id } = stack.fake.add(BUSINESS, CUSTOMER);
    const one = `${customersPath()}/${id}`;
    await stack.create();
    await stack.ask('PATCH', one, { body: DOCUMENTED_REQUEST });
    const body = { error: { code: 'BadRequest', message: 'Joni' } };
    stack.fake.script([{ kind: 'status', status: 400, body }]);
    await stack.ask('PATCH', one, { body: DOCUMENTED_REQUEST });
    await stack.ask('DELETE', `${customersPath()}/jonis@relecloud.com`);
    await stack.ask('DELETE', `${customersPath()}/Joni%20Sherman`);
    const text = await folder.text();
    const personal = ['Joni', 'Sherman', 'relecloud', 'Main Street', 'Buffalo', '98052', '206-555'];
    for (const piece of [...personal, 'Bearer', 'eyJ']) expect(text).not.toContain(piece);
    expect(text.match(/\(not an id\)/g)).toHaveLength(4);
  });
});
