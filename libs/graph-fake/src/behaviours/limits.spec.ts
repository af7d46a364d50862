import { expect } from '@jest/globals';
import { create, customersPath, holdCreates, minimal, refusalIn } from '../client.fixture.ts';
import { GraphFake } from '../graph-fake.ts';
import { type Behaviour, keeps, THROTTLING_PAGE } from './behaviour.fixture.ts';

const BOOKINGS_LIMITS = 'page "Microsoft Graph service-specific throttling limits", Bookings';

/** Looks at a fake of its own, at which so many requests wait: an old one might count others. */
async function whileWaiting(count: number, look: (fake: GraphFake) => Promise<void>) {
  const fake = await GraphFake.start();
  try {
    await holdCreates(fake, count);
    await look(fake);
  } finally {
    await fake.close();
  }
}

const BEHAVIOURS: readonly Behaviour[] = [
  {
    graph: 'Graph serves four requests at a time of one application to one mailbox',
    standing: 'documented',
    source: BOOKINGS_LIMITS,
    shows: () =>
      whileWaiting(3, async (fake) => {
        expect((await create(fake)).status).toBe(201);
      }),
  },
  {
    graph: 'Graph refuses the fifth at a time of one application to one mailbox',
    standing: 'documented',
    source: BOOKINGS_LIMITS,
    shows: () =>
      whileWaiting(4, async (fake) => {
        expect((await create(fake)).status).toBe(429);
      }),
  },
  {
    graph: 'Graph counts each mailbox by itself',
    standing: 'documented',
    source: BOOKINGS_LIMITS,
    shows: () =>
      whileWaiting(4, async (fake) => {
        const path = customersPath('Contosolunchdelivery@contoso.com');
        expect((await create(fake, minimal, { path })).status).toBe(201);
      }),
  },
  {
    graph: 'Graph counts each application by itself',
    standing: 'documented',
    source: BOOKINGS_LIMITS,
    shows: () =>
      whileWaiting(4, async (fake) => {
        const token = await fake.issueGraphToken({ appId: '6a0f9c1d-0000-4000-8000-000000000001' });
        expect((await create(fake, minimal, { token })).status).toBe(201);
      }),
  },
  {
    graph: 'Graph says Retry-After with a fraction of a second',
    standing: 'documented',
    source: `the sample of the ${THROTTLING_PAGE}`,
    shows: () =>
      whileWaiting(4, async (fake) => {
        expect((await create(fake)).headers.get('retry-after')).toMatch(/^\d+\.\d+$/);
      }),
  },
  {
    graph: 'Graph calls the limit of a mailbox MailboxConcurrency',
    standing: 'inferred',
    source: 'test suites of others, of other mailboxes than those of Bookings',
    shows: () =>
      whileWaiting(4, async (fake) => {
        expect(await refusalIn(await create(fake))).toMatchObject({
          code: 'ApplicationThrottled',
          message: 'Application is over its MailboxConcurrency limit.',
        });
      }),
  },
];

keeps('the fake of Graph, under load', BEHAVIOURS);
