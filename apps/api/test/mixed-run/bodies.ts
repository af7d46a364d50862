import type { CustomerItem, NewCustomer } from '@bookings/graph-fake';
import fc from 'fast-check';

/** The body of a create or an update. */
export interface Body {
  readonly values: Partial<NewCustomer>;
  readonly invalid: InvalidMembers | undefined;
}

/** Invalid members of a body, and the targets of the resulting error. */
interface InvalidMembers {
  /** Overrides the values. Undefined removes a member. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly targets: readonly string[];
}

/** The body that is sent. */
export function sentBody({ values, invalid }: Body): Record<string, unknown> {
  return { ...values, ...invalid?.members };
}

/** Names that many customers share, with characters that need encoding in a URL. */
export const NAMES = ["Joni O'Brien", 'A&B = 100% + C#/?', 'Zoë 😀', 'Ann'] as const;
export const EMAILS = ['jonis@relecloud.com', "o'brien+1@contoso.com", 'a&b@contoso.com'] as const;

/** Invalid in a create and in an update. */
const INVALID: readonly InvalidMembers[] = [
  { members: { displayName: null }, targets: ['displayName'] },
  { members: { displayName: ' \u200b' }, targets: ['displayName'] },
  { members: { displayName: 'x'.repeat(257) }, targets: ['displayName'] },
  { members: { emailAddress: 'jonis@' }, targets: ['emailAddress'] },
  { members: { displayName: 7, emailAddress: 7 }, targets: ['displayName', 'emailAddress'] },
  { members: { addresses: null }, targets: ['addresses'] },
  { members: { addresses: [{ type: 'Home' }] }, targets: ['addresses[0].type'] },
  { members: { phones: [{}, null] }, targets: ['phones[1]'] },
  { members: { phones: [{ extension: '1' }] }, targets: ['phones[0].extension'] },
  { members: { noSuchProperty: 'Jo' }, targets: ['noSuchProperty'] },
  { members: { id: 'x' }, targets: ['id'] },
  { members: { lastUpdatedDateTime: '2026-01-01T00:00:00Z' }, targets: ['lastUpdatedDateTime'] },
  { members: { '@odata.type': '#microsoft.graph.user' }, targets: ['@odata.type'] },
];
const NAMELESS: InvalidMembers = { members: { displayName: undefined }, targets: ['displayName'] };

// The length limit holds for every member. A grapheme can have several characters.
const anyText = fc.string({ unit: 'grapheme', maxLength: 20 }).filter(({ length }) => length <= 32);
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NAMES) },
  // The first letter makes the name visible.
  { weight: 1, arbitrary: anyText.map((text) => `C${text}`) },
);
const email = fc.constantFrom(...EMAILS, null);

function items(
  texts: readonly string[],
  types: readonly string[],
): fc.Arbitrary<readonly CustomerItem[]> {
  const plain = { noNullPrototype: true } as const;
  const said = fc.dictionary(fc.constantFrom(...texts), fc.option(anyText), plain);
  const type = fc.dictionary(fc.constant('type'), fc.constantFrom(...types, null), plain);
  return fc.array(
    fc.tuple(said, type).map((halves): CustomerItem => Object.assign({}, ...halves)),
    { maxLength: 3 },
  );
}

const addresses = items(
  ['city', 'countryOrRegion', 'postalCode', 'postOfficeBox', 'state', 'street'],
  ['unknown', 'home', 'business', 'other'],
);
const phones = items(['language', 'number', 'region'], ['home', 'mobile', 'otherFax', 'radio']);
const members = { displayName: name, emailAddress: email, addresses, phones };

const bodies = (
  values: fc.Arbitrary<Partial<NewCustomer>>,
  ...more: readonly InvalidMembers[]
): fc.Arbitrary<Body> =>
  fc.record({
    values,
    invalid: fc.oneof(
      { weight: 7, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...INVALID, ...more) },
    ),
  });

export const newBody = bodies(fc.record(members, { requiredKeys: ['displayName'] }), NAMELESS);
export const changes = bodies(fc.record(members, { requiredKeys: [] }));
