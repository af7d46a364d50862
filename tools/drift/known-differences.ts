import { type ApiModel, type Element, type Fact, keyOf, qualified } from './api-model.ts';
import { CouldNotCompare } from './source.ts';

export type Knower = 'proxy' | 'fake';

/** Where the project differs from Graph's documents on purpose, or because two of them differ. */
export interface KnownDifference {
  readonly of: readonly Knower[];
  /** Names of elements of one kind. */
  readonly kind: Element['kind'];
  readonly names: readonly string[];
  /** What Graph says of them; undefined if it does not have them. */
  readonly graph: Readonly<Record<string, Fact>> | undefined;
  readonly reason: string;
}

const BOTH: readonly Knower[] = ['proxy', 'fake'];
const READ = 'Bookings.Read.All';
const APPOINTMENT = 'BookingsAppointment.ReadWrite.All';
const HIGHER = ['Bookings.ReadWrite.All', 'Bookings.Manage.All'];
const ROW = {
  privilegeLevel: 3,
  requiresAdminConsent: true,
  alsoRequires: '',
  timesListed: 1,
  leastPrivileged: false,
};

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    of: BOTH,
    kind: 'property',
    names: ['postOfficeBox', 'type'].map((name) => `${qualified('physicalAddress')}/${name}`),
    graph: undefined,
    reason:
      'The page "Create bookingCustomer" sends and returns them; the v1.0 schema has neither.',
  },
  {
    of: ['proxy'],
    kind: 'property',
    names: ['addresses', 'phones'].map((name) => `${qualified('bookingCustomer')}/${name}`),
    graph: { nullable: true },
    reason: 'The proxy refuses null as an address or a phone, because it says nothing.',
  },
  {
    of: BOTH,
    kind: 'permission row',
    names: ['DelegatedWork', 'Application'].flatMap((scheme) =>
      [READ, APPOINTMENT, ...HIGHER].map((name) => `GET /customers/$count ${scheme} ${name}`),
    ),
    graph: undefined,
    reason: 'Microsoft lists no row for $count; counting needs what listing needs.',
  },
  {
    of: BOTH,
    kind: 'permission row',
    names: HIGHER.map((name) => `POST /customers Application ${name}`),
    graph: ROW,
    reason: 'The project keeps the narrower row of the page "Create bookingCustomer".',
  },
  {
    of: ['proxy'],
    kind: 'permission row',
    names: ['PATCH', 'DELETE'].flatMap((method) =>
      [READ, ...HIGHER].map((name) => `${method} /customers/{id} Application ${name}`),
    ),
    graph: ROW,
    reason: 'A permission to read never writes, and for writes only the narrowest one counts.',
  },
  {
    of: ['proxy'],
    kind: 'permission row',
    names: ['DelegatedWork', 'Application'].map(
      (scheme) => `GET /customers/{id} ${scheme} ${APPOINTMENT}`,
    ),
    graph: { leastPrivileged: true },
    reason: 'The proxy names the permission to read as the least one for every read.',
  },
  {
    of: ['proxy'],
    kind: 'permission row',
    names: [`GET /customers/{id} Application ${READ}`],
    graph: { leastPrivileged: false },
    reason: 'The proxy names the permission to read as the least one for every read.',
  },
];

/**
 * What Graph's documents are expected to say: what the project knows, with its known differences undone. So a
 * difference that Graph ends is drift too.
 *
 * @throws CouldNotCompare if a difference is none any more
 */
export function expectedOf(
  knower: Knower,
  model: ApiModel,
  differences: readonly KnownDifference[] = KNOWN_DIFFERENCES,
): ApiModel {
  const expected = new Map(model);
  for (const { of, kind, names, graph } of differences) {
    if (!of.includes(knower)) continue;
    for (const name of names) {
      const key = keyOf({ kind, name });
      const known = expected.get(key);
      if (!isKnownDifference(known, graph)) {
        throw new CouldNotCompare(
          `${key} of the ${knower} is no difference; take it out of tools/drift/known-differences.ts`,
        );
      }
      if (graph === undefined) expected.delete(key);
      else expected.set(key, { kind, name, facts: { ...known?.facts, ...graph } });
    }
  }
  return expected;
}

function isKnownDifference(known: Element | undefined, graph: KnownDifference['graph']): boolean {
  if (known === undefined || graph === undefined) return known !== undefined || graph !== undefined;
  return Object.entries(graph).some(([fact, value]) => known.facts[fact] !== value);
}
