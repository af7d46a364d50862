import fc from 'fast-check';

/** Every member of a body that is free text, by its path, with a body that has only this one. */
export const TEXT_MEMBERS: readonly (readonly [string, (text: string) => object])[] = [
  ['displayName', (text) => ({ displayName: text })],
  ['emailAddress', (text) => ({ displayName: 'x', emailAddress: text })],
  ...['number', 'language', 'region'].map(
    (name) =>
      [
        `phones[1].${name}`,
        (text: string) => ({ displayName: 'x', phones: [{}, { [name]: text }] }),
      ] as const,
  ),
  ...['street', 'city', 'state', 'countryOrRegion', 'postalCode', 'postOfficeBox'].map(
    (name) =>
      [
        `addresses[0].${name}`,
        (text: string) => ({ displayName: 'x', addresses: [{ [name]: text }] }),
      ] as const,
  ),
];

/** Text of pairs, marks, joiners and letters, in which no other character is a control character. */
export const around = fc
  .array(
    fc.constantFrom('a', '\u{1f469}\u200d\u{1f467}', 'e\u0301', '\u05d0', '\u200f', '\ufe0f', '-'),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''));
