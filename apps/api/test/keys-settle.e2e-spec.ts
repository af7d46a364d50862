import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { BUSINESS, CREATE_PERMISSION } from './documented.ts';
import { graphError, resetAfter, resetBefore, respond } from './faults.ts';
import { ADELE, linesByDigest, LostCreates, OTHER_BUSINESS } from './lost-creates.ts';
import { StateFile } from './state-file.ts';

const HOUR_MS = 3_600_000;
const SETTLED = /^settled,one customer agrees in full/;
const FREED = /^freed,no customer agrees/;
const UNCERTAIN = /^stays,it is not certain/;

/** Gives the unknown keys of a test back, so that the next one begins without any. */
async function forgetUnknown(lost: LostCreates): Promise<void> {
  for (const digest of (await lost.unknown()).keys()) {
    await lost.keys(['resolve', digest, '--not-created']);
  }
}

/** Bodies differ, because equal creates never run at the same time. */
const named = (displayName: string) => ({
  ...ADELE,
  displayName,
  emailAddress: `${displayName.toLowerCase()}@contoso.com`,
});

describe.each(['sqlite', 'postgres'] as const)('keys settle with %s', (store) => {
  const lost = new LostCreates(store);
  beforeEach(() => forgetUnknown(lost));
  const { stack } = lost;
  const settle = async (...args: string[]) => {
    const { code, stdout, stderr } = await lost.keys(['settle', ...args]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toMatch(/@|adele|isaiah|lidia/i);
    return linesByDigest(stdout);
  };
  const settleByAudit = () => settle('--audit', lost.audit.file);
  const count = (business = BUSINESS) => stack.fake.customers(business).length;

  it('settles the keys of several businesses, and their repeats get the customers', async () => {
    const created = await lost.lose('created', resetAfter());
    const elsewhere = await lost.lose('elsewhere', resetAfter(), { business: OTHER_BUSINESS });
    const notCreated = await lost.lose('not created', resetBefore(), { body: named('Isaiah') });
    const before = stack.graphMethods.length;
    const lines = await settleByAudit();
    expect(lines.get(created)).toMatch(SETTLED);
    expect(lines.get(elsewhere)).toMatch(SETTLED);
    expect(lines.get(notCreated)).toMatch(FREED);
    expect([...lines.keys()]).toEqual([created, elsewhere, notCreated]);
    // One list for each business.
    expect(stack.graphMethods.slice(before)).toEqual(['GET', 'GET']);

    const id = stack.fake.customers(BUSINESS)[0]?.id;
    expect((await lost.create('created')).body['id']).toBe(id);
    const other = { business: OTHER_BUSINESS };
    const otherId = stack.fake.customers(OTHER_BUSINESS)[0]?.id;
    expect((await lost.create('elsewhere', other)).body['id']).toBe(otherId);
    expect((await lost.create('not created', { body: named('Lidia') })).status).toBe(201);
    expect([count(), count(OTHER_BUSINESS)]).toEqual([2, 1]);
    expect((await lost.keys(['settle'])).stdout).toBe('no key has an unknown outcome\n');
  });

  it('leaves keys whose customer is not certain', async () => {
    stack.fake.add(BUSINESS, ADELE);
    const two = await lost.lose('two', resetAfter());
    const part = await lost.lose('part', resetBefore(), { body: named('Isaiah') });
    stack.fake.add(BUSINESS, { ...named('Isaiah'), displayName: 'Another' });
    const late = await lost.lose('late', resetBefore(), { body: named('Lidia') });
    stack.fake.add(BUSINESS, named('Lidia'), new Date(Date.now() + HOUR_MS).toISOString());
    const lines = await settleByAudit();
    for (const digest of [two, part, late]) expect(lines.get(digest)).toMatch(UNCERTAIN);
    expect([...(await lost.unknown()).values()]).toEqual(
      [two, part, late].map(() => expect.stringMatching(/unknown$/)),
    );
  });

  it('takes no customer of another key, and none from before the attempt', async () => {
    stack.fake.add(BUSINESS, ADELE, new Date(Date.now() - HOUR_MS).toISOString());
    expect((await lost.create('owner')).status).toBe(201);
    const second = await lost.lose('owned', resetBefore());
    expect((await settleByAudit()).get(second)).toMatch(FREED);
    expect((await lost.create('owned')).status).toBe(201);
    expect(count()).toBe(3);
  });

  it('gives one customer to one of two keys', async () => {
    const first = await lost.lose('first', resetAfter());
    const second = await lost.lose('second', resetBefore());
    const lines = await settleByAudit();
    expect([lines.get(first), lines.get(second)]).toEqual([
      expect.stringMatching(SETTLED),
      expect.stringMatching(FREED),
    ]);
  });

  it('takes the businesses from the command as well', async () => {
    const digest = await lost.lose('business', resetAfter());
    const unnamed = await settle('--business', OTHER_BUSINESS);
    expect(unnamed.get(digest)).toMatch(/^stays,its business is not known/);
    expect((await settle('--business', BUSINESS.toUpperCase())).get(digest)).toMatch(SETTLED);
    const again = await settle('--business', BUSINESS);
    expect(again.get(digest)).toMatch(/^stays,already resolved/);
  });

  it('leaves the keys of users, and of a business whose list cannot be read', async () => {
    const token = await stack.fake.issueToken({ scopes: [CREATE_PERMISSION] });
    const user = await lost.lose('user', resetAfter(), { token });
    const other = await lost.lose('list', resetAfter(), { business: OTHER_BUSINESS });
    const third = await lost.lose('third', resetAfter(), { body: named('Isaiah') });
    // The first list is that of the key that was lost first.
    stack.fake.script([respond(403, graphError('ErrorAccessDenied'))]);
    const { code, stdout, stderr } = await lost.keys(['settle', '--audit', lost.audit.file]);
    const lines = linesByDigest(stdout);
    expect(lines.get(user)).toMatch(/^stays,it needs a user's identity/);
    expect(lines.get(other)).toMatch(/^stays,it cannot be looked up: Graph answered 403/);
    expect(lines.get(third)).toMatch(SETTLED);
    expect(code).toBe(1);
    const problem = new RegExp(`^${OTHER_BUSINESS} cannot be looked up: Graph answered 403`);
    expect(stderr).toMatch(problem);
    expect(stderr).not.toContain(BUSINESS);
  });

  it('lists unknown keys with business and caller, in the order of their attempts', async () => {
    const token = await stack.fake.issueToken({ scopes: [CREATE_PERMISSION] });
    const first = await lost.lose('one', resetAfter());
    const second = await lost.lose('other', resetAfter(), { business: OTHER_BUSINESS, token });
    // The record of the first one changes last.
    stack.fake.script([respond(403, graphError('ErrorAccessDenied'))]);
    expect((await lost.create('one')).status).toBe(504);
    const appIds = (await lost.audit.records()).map(({ appId }) => String(appId));
    const { stdout } = await lost.keys(['unknown', '--audit', lost.audit.file]);
    const lines = linesByDigest(stdout);
    expect([...lines.keys()]).toEqual([first, second]);
    const [, , ...columns] = lines.get(first)?.split(',') ?? [];
    expect(columns).toEqual([BUSINESS, appIds[0], 'application']);
    expect(lines.get(second)).toMatch(new RegExp(`,unknown,${OTHER_BUSINESS},\\S+,delegated$`));
  });

  it('reads several audit files, and skips what is no record', async () => {
    const digest = await lost.lose('files', resetAfter());
    const file = join(lost.audit.path, 'old.jsonl');
    await writeFile(
      file,
      '{"half\n[]\nnull\n{"business":"\\u001b[2J"}\n{"keyDigest":1,"business":"a@b.c"}\n',
    );
    const args = ['--audit', file, '--audit', lost.audit.file];
    expect((await lost.keys(['unknown', ...args])).stdout).toContain(BUSINESS);
    const unnamed = await lost.keys(['unknown', '--audit', file]);
    expect(unnamed.stdout).toMatch(/\tunknown\t-\t-\t-\n$/);
    expect((await settle(...args)).get(digest)).toMatch(SETTLED);
  });
});

describe('keys settle', () => {
  const lost = new LostCreates('sqlite');

  it('leaves a record of an earlier release', async () => {
    const digest = await lost.lose('before', resetAfter());
    new StateFile(lost.url).change('comparisons = NULL');
    const { stdout } = await lost.keys(['settle', '--business', BUSINESS]);
    expect(linesByDigest(stdout).get(digest)).toMatch(
      /^stays,its record is from an earlier release/,
    );
    await forgetUnknown(lost);
  });

  it('waits for the settling time', async () => {
    const settings = { IDEMPOTENCY_SETTLE_MS: '3000' };
    const begin = performance.now();
    const digest = await lost.lose('waits', resetAfter());
    const { stdout } = await lost.keys(['settle', '--business', BUSINESS], settings);
    expect(linesByDigest(stdout).get(digest)).toMatch(SETTLED);
    expect(performance.now() - begin).toBeGreaterThan(3000);
  });

  it('says which audit file or setting is wrong', async () => {
    await lost.lose('wrong', resetAfter());
    const missing = join(lost.audit.path, 'missing.jsonl');
    for (const command of ['unknown', 'settle']) {
      expect(await lost.keys([command, '--audit', missing])).toMatchObject({
        code: 1,
        stderr: `--audit ${missing} cannot be read: ENOENT\n`,
      });
    }
    const { code, stderr } = await lost.keys(['settle'], { GRAPH_CREDENTIAL: ' ' });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^GRAPH_CREDENTIAL is empty/)]);
  });
});
