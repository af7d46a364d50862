import { expect } from '@jest/globals';
import { create, customersPath, holdCreates, minimal, refusalIn } from '../client.fixture.ts';
import { GraphFake } from '../graph-fake.ts';
import { type Behaviour, describeBehaviours, THROTTLING_PAGE } from './behaviour.fixture.ts';

const BOOKINGS_LIMITS = 'page "Microsoft Graph service-specific throttling limits", Bookings';

/** Starts its own fake with requests in progress, because a shared one may count others. */
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
    graph: 'Graph handles four concurrent requests of one application to one mailbox',
    evidence: 'documented',
    source: BOOKINGS_LIMITS,
    verify: () =>
      whileWaiting(3, async (fake) => {
        expect((await create(fake)).status).toBe(201);
      }),
  },
  {
    graph: 'Graph refuses the fifth concurrent request of one application to one mailbox',
    evidence: 'documented',
    source: BOOKINGS_LIMITS,
    verify: () =>
      whileWaiting(4, async (fake) => {
        expect((await create(fake)).status).toBe(429);
      }),
  },
  {
    graph: 'Graph counts each mailbox separately',
    evidence: 'documented',
    source: BOOKINGS_LIMITS,
    verify: () =>
      whileWaiting(4, async (fake) => {
        const path = customersPath('Contosolunchdelivery@contoso.com');
        expect((await create(fake, minimal, { path })).status).toBe(201);
      }),
  },
  {
    graph: 'Graph counts each application separately',
    evidence: 'documented',
    source: BOOKINGS_LIMITS,
    verify: () =>
      whileWaiting(4, async (fake) => {
        const token = await fake.issueGraphToken({ appId: '6a0f9c1d-0000-4000-8000-000000000001' });
        expect((await create(fake, minimal, { token })).status).toBe(201);
      }),
  },
  {
    graph: 'Graph sends Retry-After with a fraction of a second',
    evidence: 'documented',
    source: `the sample of the ${THROTTLING_PAGE}`,
    verify: () =>
      whileWaiting(4, async (fake) => {
        expect((await create(fake)).headers.get('retry-after')).toMatch(/^\d+\.\d+$/);
      }),
  },
  {
    graph: 'Graph names the mailbox limit MailboxConcurrency',
    evidence: 'observed',
    source: 'answers/questions/1660054 and 734143, by users with four threads',
    verify: () =>
      whileWaiting(4, async (fake) => {
        expect(await refusalIn(await create(fake))).toMatchObject({
          code: 'ApplicationThrottled',
          message: 'Application is over its MailboxConcurrency limit.',
        });
      }),
  },
];

describeBehaviours('the fake of Graph, under load', BEHAVIOURS);
