import { existsSync } from 'node:fs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AuditFolder } from './audit-folder.ts';
import { readersRefused, refusedCallers } from './cases.ts';
import { BUSINESS, customersPath, DOCUMENTED_REQUEST, STORED_CUSTOMER } from './documented.ts';
import { useStack } from './stack.ts';

const folder = new AuditFolder();
const stack = useStack({ AUDIT_FILE: folder.file });
beforeEach(() => folder.clear());

describe('the audit has no record of', () => {
  it.each(['', '?$top=1', '/$count', '/{id}'])('GET customers%s', async (path) => {
    const { id } = stack.fake.add(BUSINESS, STORED_CUSTOMER);
    const response = await stack.request('GET', `${customersPath()}${path.replace('{id}', id)}`);
    expect([response.status, existsSync(folder.file)]).toEqual([200, false]);
  });

  it.each([...refusedCallers('', DOCUMENTED_REQUEST), ...readersRefused('', DOCUMENTED_REQUEST)])(
    '%s',
    async (_title, { permissions, status }) => {
      const token = permissions ? await stack.fake.issueToken(permissions) : null;
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
    ['a header that is not supported', DOCUMENTED_REQUEST, { 'if-none-match': '*' }],
  ])('%s', async (_title, body, headers) => {
    const { status } = await stack.create({ body, headers });
    expect([status === 400 || status === 415, existsSync(folder.file)]).toEqual([true, false]);
  });
});

describe('the audit never contains', () => {
  it('a name, an address, an e-mail address, a phone number or a token', async () => {
    const { id } = stack.fake.add(BUSINESS, STORED_CUSTOMER);
    const one = `${customersPath()}/${id}`;
    await stack.create();
    await stack.request('PATCH', one, { body: DOCUMENTED_REQUEST });
    const body = { error: { code: 'BadRequest', message: 'Joni' } };
    stack.fake.script([{ kind: 'status', status: 400, body }]);
    await stack.request('PATCH', one, { body: DOCUMENTED_REQUEST });
    await stack.request('DELETE', `${customersPath()}/jonis@relecloud.com`);
    await stack.request('DELETE', `${customersPath()}/Joni%20Sherman`);
    const text = await folder.text();
    const personal = ['Joni', 'Sherman', 'relecloud', 'Main Street', 'Buffalo', '98052', '206-555'];
    for (const value of [...personal, 'Bearer', 'eyJ']) expect(text).not.toContain(value);
    expect(text.match(/\(not an id\)/g)).toHaveLength(4);
  });
});
