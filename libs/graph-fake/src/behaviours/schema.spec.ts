import { expect } from '@jest/globals';
import { create, minimal } from '../client.fixture.ts';
import { documented } from '../documented-example.fixture.ts';
import type { GraphFake } from '../graph-fake.ts';
import { type Behaviour, keeps, SCHEMA } from './behaviour.fixture.ts';

async function statusOf(fake: GraphFake, changes: Record<string, unknown>): Promise<number> {
  return (await create(fake, { ...minimal, ...changes })).status;
}

/** Refused, with whatever status, and nothing is kept. */
async function refuses(fake: GraphFake, changes: Record<string, unknown>): Promise<void> {
  expect(await statusOf(fake, changes)).toBeGreaterThanOrEqual(400);
  expect(fake.customers(documented.business)).toEqual([]);
}

const BEHAVIOURS: readonly Behaviour[] = [
  {
    graph: 'Graph needs a displayName that is not null',
    standing: 'documented',
    source: SCHEMA,
    shows: async (fake) => {
      await refuses(fake, { displayName: null });
      await refuses(fake, { displayName: undefined });
    },
  },
  {
    graph: 'Graph takes an emailAddress that is null',
    standing: 'documented',
    source: SCHEMA,
    shows: async (fake) => {
      expect(await statusOf(fake, { emailAddress: null })).toBe(201);
    },
  },
  {
    graph: 'Graph takes items of addresses and phones that are null',
    standing: 'documented',
    source: `items are nullable in ${SCHEMA}`,
    shows: async (fake) => {
      expect(await statusOf(fake, { addresses: [null], phones: [null] })).toBe(201);
    },
  },
  {
    graph: 'Graph takes ten types of phone, and refuses others because the list cannot grow',
    standing: 'inferred',
    source: `phoneType in ${SCHEMA}, which has the names and no unknownFutureValue`,
    shows: async (fake) => {
      const types = ['home', 'business', 'mobile', 'other', 'assistant'];
      const more = ['homeFax', 'businessFax', 'otherFax', 'pager', 'radio'];
      await refuses(fake, { phones: [{ type: 'unknownFutureValue' }] });
      const phones = [...types, ...more].map((type) => ({ type }));
      expect(await statusOf(fake, { phones })).toBe(201);
    },
  },
  {
    graph: 'Graph takes language and region of a phone',
    standing: 'documented',
    source: `phone in ${SCHEMA}`,
    shows: async (fake) => {
      expect(await statusOf(fake, { phones: [{ language: 'en', region: 'US' }] })).toBe(201);
    },
  },
  {
    graph: 'Graph takes four types of address, and refuses others',
    standing: 'inferred',
    source: `physicalAddressType in ${SCHEMA}, to which no property of v1.0 refers`,
    shows: async (fake) => {
      await refuses(fake, { addresses: [{ type: 'castle' }] });
      const addresses = ['unknown', 'home', 'business', 'other'].map((type) => ({ type }));
      expect(await statusOf(fake, { addresses })).toBe(201);
    },
  },
  {
    graph: 'Graph takes no property that its schema does not declare',
    standing: 'inferred',
    source: `bookingCustomer is no open type in ${SCHEMA}`,
    shows: (fake) => refuses(fake, { surname: 'Sherman' }),
  },
  {
    graph: 'Graph takes no id and no times from a caller',
    standing: 'inferred',
    source: 'v1.0 page "Update bookingCustomer" names four properties that can be set',
    shows: async (fake) => {
      await refuses(fake, { id: 'x' });
      await refuses(fake, { createdDateTime: '2026-01-01T00:00:00Z' });
      await refuses(fake, { lastUpdatedDateTime: '2026-01-01T00:00:00Z' });
    },
  },
  {
    graph: 'Graph needs @odata.type, because the declared type is abstract',
    standing: 'inferred',
    source: 'microsoft-graph-docs, issue 19310, of a sibling type',
    shows: (fake) => refuses(fake, { '@odata.type': undefined }),
  },
];

keeps('the fake of Graph, reading customers', BEHAVIOURS);
