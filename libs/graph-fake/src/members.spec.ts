import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create, customersPath, minimal, objectIn, refusalIn, send } from './client.fixture.ts';
import { documented } from './documented-example.fixture.ts';
import { GraphFake } from './graph-fake.ts';

const SCOPE = 'BookingsAppointment.ReadWrite.All';
const MEMBER = '11111111-2222-3333-4444-555555555555';
const STRANGER = '99999999-2222-3333-4444-555555555555';

describe('a business with members', () => {
  let fake: GraphFake;
  beforeAll(async () => {
    fake = await GraphFake.start({ members: { [documented.business.toUpperCase()]: [MEMBER] } });
  });
  afterAll(() => fake.close());

  const asUser = (objectId: string) => fake.issueGraphToken({ scopes: [SCOPE], objectId });

  it('is found by a member and by an application', async () => {
    expect((await send(fake, minimal, { token: await asUser(MEMBER) })).status).toBe(201);
    expect((await create(fake)).status).toBe(201);
  });

  it('is not found by another user in any operation', async () => {
    const token = await asUser(STRANGER);
    for (const [method, path] of [
      ['POST', customersPath()],
      ['GET', customersPath()],
      ['GET', `${customersPath()}/$count`],
      ['DELETE', `${customersPath()}/x`],
    ] as const) {
      expect(await refusalIn(await send(fake, minimal, { method, path, token }))).toEqual({
        status: 404,
        code: 'ErrorFolderNotFound',
        message: 'The specified folder could not be found in the store.',
      });
    }
  });

  it('does not restrict other businesses', async () => {
    const path = customersPath('Contosolunchdelivery@contoso.com');
    expect((await send(fake, minimal, { path, token: await asUser(STRANGER) })).status).toBe(201);
  });
});

describe('a Graph that accepts only Base64 ids in Get', () => {
  it.each([
    ['guid', 404],
    ['base64', 200],
  ] as const)(
    'answers an id in %s with %i, and deletes it all the same',
    async (idShape, status) => {
      const fake = await GraphFake.start({ idShape, getNeedsBase64Id: true });
      try {
        const { id } = await objectIn(await create(fake));
        const path = `${customersPath()}/${encodeURIComponent(String(id))}`;
        const token = await fake.issueGraphToken();
        expect((await send(fake, '', { method: 'GET', path, token })).status).toBe(status);
        expect((await send(fake, '', { method: 'DELETE', path, token })).status).toBe(204);
      } finally {
        await fake.close();
      }
    },
  );
});
