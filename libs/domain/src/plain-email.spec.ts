import { describe, expect, it } from '@jest/globals';
import { isEmail } from 'class-validator';
import fc from 'fast-check';
import { isPlainEmail } from './plain-email.ts';

/** Characters around which the rules of addresses turn, and any other. */
const character = fc.oneof(
  fc.constantFrom(
    'a',
    'Z',
    '0',
    '_',
    '-',
    '.',
    '@',
    '+',
    '"',
    ' ',
    '\u00e9',
    '\u017f',
    '\u212a',
    '\n',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const word = fc.string({ unit: character, maxLength: 70 });
const addresses = fc.oneof(
  word,
  fc.tuple(word, word).map((parts) => parts.join('@')),
  fc
    .tuple(word, word, fc.constantFrom('com', 'museum', 'c', 'c0m', ''))
    .map(([local, label, top]) => `${local}@${label}.${top}`),
  fc.stringMatching(/^[a-zA-Z0-9_.-]{1,20}@[a-z0-9.-]{1,40}$/),
);

describe('isPlainEmail', () => {
  it('says yes to no address that class-validator refuses', () => {
    fc.assert(
      fc.property(addresses, (text) => {
        if (isPlainEmail(text))
          expect({ text, valid: isEmail(text) }).toEqual({ text, valid: true });
      }),
      { numRuns: 20_000 },
    );
  });

  it('says yes to addresses as people have them', () => {
    const usual = ['jordanm@contoso.com', 'Jordan.Miller_2@mail.contoso.co.uk', 'a-b@x1-y.museum'];
    expect(usual.filter((text) => !isPlainEmail(text))).toEqual([]);
  });

  it('looks at a text once, however it is made', () => {
    const hard = `${'a.'.repeat(15)}a@${'a-'.repeat(15)}`;
    expect(isPlainEmail(hard.slice(0, 63))).toBe(false);
  });
});
