import { expect } from '@jest/globals';
import { create, minimal } from '../client.fixture.ts';
import { documented } from '../documented-example.fixture.ts';
import type { GraphFake } from '../graph-fake.ts';
import { type Behaviour, describeBehaviours, SCHEMA } from './behaviour.fixture.ts';

async function statusOf(fake: GraphFake, changes: Record<string, unknown>): Promise<number> {
  return (await create(fake, { ...minimal, ...changes })).status;
}

/** The request is refused with any status, and nothing is stored. */
async function refuses(fake: GraphFake, changes: Record<string, unknown>): Promise<void> {
  expect(await statusOf(fake, changes)).toBeGreaterThanOrEqual(400);
  expect(fake.customers(documented.business)).toEqual([]);
}

const BEHAVIOURS: readonly Behaviour[] = [
  {
    graph: 'Graph requires a displayName that is not null',
    evidence: 'documented',
    source: SCHEMA,
    verify: async (fake) => {
      await refuses(fake, { displayName: null });
      await refuses(fake, { displayName: undefined });
    },
  },
  {
    graph: 'Graph accepts null as emailAddress',
    evidence: 'documented',
    source: SCHEMA,
    verify: async (fake) => {
      expect(await statusOf(fake, { emailAddress: null })).toBe(201);
    },
  },
  {
    graph: 'Graph accepts null as an address and as a phone',
    evidence: 'documented',
    source: `items are nullable in ${SCHEMA}`,
    verify: async (fake) => {
      expect(await statusOf(fake, { addresses: [null], phones: [null] })).toBe(201);
    },
  },
  {
    graph: 'Graph accepts ten types of phones and refuses others',
    evidence: 'inferred',
    source: `phoneType in ${SCHEMA}, which has the names and no unknownFutureValue`,
    verify: async (fake) => {
      const types = ['home', 'business', 'mobile', 'other', 'assistant'];
      const more = ['homeFax', 'businessFax', 'otherFax', 'pager', 'radio'];
      await refuses(fake, { phones: [{ type: 'unknownFutureValue' }] });
      const phones = [...types, ...more].map((type) => ({ type }));
      expect(await statusOf(fake, { phones })).toBe(201);
    },
  },
  {
    graph: 'Graph accepts language and region of a phone',
    evidence: 'documented',
    source: `phone in ${SCHEMA}`,
    verify: async (fake) => {
      expect(await statusOf(fake, { phones: [{ language: 'en', region: 'US' }] })).toBe(201);
    },
  },
  {
    graph: 'Graph accepts four types of addresses and refuses others',
    evidence: 'inferred',
    source: `physicalAddressType in ${SCHEMA}, to which no property of v1.0 refers`,
    verify: async (fake) => {
      await refuses(fake, { addresses: [{ type: 'castle' }] });
      const addresses = ['unknown', 'home', 'business', 'other'].map((type) => ({ type }));
      expect(await statusOf(fake, { addresses })).toBe(201);
    },
  },
  {
    graph: 'Graph refuses properties that its schema does not declare',
    evidence: 'inferred',
    source: `bookingCustomer is no open type in ${SCHEMA}`,
    verify: (fake) => refuses(fake, { surname: 'Sherman' }),
  },
  {
    graph: 'Graph refuses an id and times in a create',
    evidence: 'inferred',
    source: 'v1.0 page "Update bookingCustomer" names four properties that can be set',
    verify: async (fake) => {
      await refuses(fake, { id: 'x' });
      await refuses(fake, { createdDateTime: '2026-01-01T00:00:00Z' });
      await refuses(fake, { lastUpdatedDateTime: '2026-01-01T00:00:00Z' });
    },
  },
  {
    graph: 'Graph requires @odata.type, because the declared type is abstract',
    evidence: 'inferred',
    source: 'microsoft-graph-docs, issue 19310, of a sibling type',
    verify: (fake) => refuses(fake, { '@odata.type': undefined }),
  },
];

describeBehaviours('the fake of Graph, reading customers', BEHAVIOURS);
