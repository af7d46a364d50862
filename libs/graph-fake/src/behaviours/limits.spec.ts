import { expect } from '@jest/globals';
import { create, customersPath, holdCreates, minimal, refusalIn } from '../client.fixture.ts';
import { type Behaviour, keeps, THROTTLING_PAGE } from './behaviour.fixture.ts';

const BOOKINGS_LIMITS = 'page "Microsoft Graph service-specific throttling limits", Bookings';

const BEHAVIOURS: readonly Behaviour[] = [
  {
    graph: 'Graph serves four requests at a time of one application to one mailbox',
    standing: 'documented',
    source: BOOKINGS_LIMITS,
    shows: async (fake) => {
      const release = await holdCreates(fake, 3);
      expect((await create(fake)).status).toBe(201);
      await release();
      const releaseFour = await holdCreates(fake, 4);
      expect((await create(fake)).status).toBe(429);
      await releaseFour();
    },
  },
  {
    graph: 'Graph counts each mailbox and each application by itself',
    standing: 'documented',
    source: BOOKINGS_LIMITS,
    shows: async (fake) => {
      const release = await holdCreates(fake, 4);
      const path = customersPath('Contosolunchdelivery@contoso.com');
      const token = await fake.issueGraphToken({ appId: '6a0f9c1d-0000-4000-8000-000000000001' });
      expect((await create(fake, minimal, { path })).status).toBe(201);
      expect((await create(fake, minimal, { token })).status).toBe(201);
      await release();
    },
  },
  {
    graph: 'Graph says Retry-After with a fraction of a second',
    standing: 'documented',
    source: `the sample of the ${THROTTLING_PAGE}`,
    shows: async (fake) => {
      const release = await holdCreates(fake, 4);
      expect((await create(fake)).headers.get('retry-after')).toMatch(/^\d+\.\d+$/);
      await release();
    },
  },
  {
    graph: 'Graph calls the limit of a mailbox MailboxConcurrency',
    standing: 'inferred',
    source: 'test suites of others, of other mailboxes than those of Bookings',
    shows: async (fake) => {
      const release = await holdCreates(fake, 4);
      expect(await refusalIn(await create(fake))).toMatchObject({
        code: 'ApplicationThrottled',
        message: 'Application is over its MailboxConcurrency limit.',
      });
      await release();
    },
  },
];

keeps('the fake of Graph, under load', BEHAVIOURS);
