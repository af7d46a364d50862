import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { create, customersPath, holdCreates, minimal, refusalIn, send } from './client.fixture.ts';
import { documented } from './documented-example.fixture.ts';
import { GraphFake } from './graph-fake.ts';

const other = 'Contosolunchdelivery@contoso.com';

describe('the Graph service', () => {
  let fake: GraphFake;
  beforeAll(async () => {
    fake = await GraphFake.start();
  });
  beforeEach(() => {
    fake.forget();
  });
  afterAll(() => fake.close());

  it('answers other paths with 404', async () => {
    for (const path of ['', '/me', '/solutions/bookingBusinesses', `${customersPath()}/1/notes`]) {
      expect(await refusalIn(await create(fake, minimal, { path }))).toMatchObject({
        status: 404,
        code: 'ResourceNotFound',
      });
    }
  });

  it('answers other methods with 405', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      expect(await refusalIn(await create(fake, minimal, { method }))).toEqual({
        status: 405,
        code: 'Request_BadRequest',
        message: 'Specified HTTP method is not allowed for the request target.',
      });
    }
  });

  it('refuses a path that cannot be decoded', async () => {
    const path = '/solutions/bookingBusinesses/%E0%A4%A/customers';
    expect(await refusalIn(await create(fake, minimal, { path }))).toMatchObject({ status: 400 });
  });

  it('sends errors as plain JSON with the request ids', async () => {
    const sent = { 'client-request-id': '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab' };
    const response = await create(fake, '[]', { headers: sent });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({
      error: {
        innerError: {
          date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/),
          'request-id': response.headers.get('request-id'),
          ...sent,
        },
      },
    });
  });

  it('checks token, permission, business and body in this order', async () => {
    const wrong = { path: customersPath('missing@contoso.com') };
    const poor = await fake.issueGraphToken({ roles: [] });
    expect((await send(fake, '', wrong)).status).toBe(401);
    expect((await send(fake, '', { ...wrong, token: poor })).status).toBe(403);
    expect((await create(fake, '', wrong)).status).toBe(404);
    expect((await create(fake, '')).status).toBe(400);
  });

  it('refuses only the fifth concurrent request of an application to a mailbox', async () => {
    const release = await holdCreates(fake, 4);
    const response = await create(fake);
    expect(response.headers.get('retry-after')).toBe('0.25');
    expect(await refusalIn(response)).toEqual({
      status: 429,
      code: 'ApplicationThrottled',
      message: 'Application is over its MailboxConcurrency limit.',
    });
    const path = customersPath(other);
    expect((await create(fake, minimal, { path })).status).toBe(201);
    const token = await fake.issueGraphToken({ appId: '6a0f9c1d-0000-4000-8000-000000000001' });
    expect((await create(fake, minimal, { token })).status).toBe(201);
    expect(fake.requests().peakByMailbox).toEqual({
      [documented.business.toLowerCase()]: 5,
      [other.toLowerCase()]: 1,
    });
    await release();
  });

  it('stops counting a silent request when its connection closes and its work time has passed', async () => {
    const release = await holdCreates(fake, 4);
    await release();
    // The fake notices the closed connection at its next read, so the test polls.
    let status = 429;
    while (status === 429) ({ status } = await create(fake));
    expect(status).toBe(201);
  });

  it('never refuses consecutive requests', async () => {
    for (let count = 0; count < 20; count += 1) expect((await create(fake)).status).toBe(201);
    expect(fake.requests().peakByMailbox).toEqual({ [documented.business.toLowerCase()]: 1 });
  });

  it('handles concurrent requests up to the configured limit', async () => {
    // Long enough for all three to arrive at a busy machine.
    const slow = await GraphFake.start({ workMs: 1000, limitPerMailbox: 2 });
    try {
      const responses = await Promise.all([1, 2, 3].map(() => create(slow)));
      expect(responses.map(({ status }) => status).sort()).toEqual([201, 201, 429]);
      expect(slow.requests().peakByMailbox).toEqual({ [documented.business.toLowerCase()]: 3 });
      expect(slow.customers(documented.business)).toHaveLength(2);
    } finally {
      await slow.close();
    }
  });
});
