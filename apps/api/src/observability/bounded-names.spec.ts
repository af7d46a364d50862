import { describe, expect, it } from '@jest/globals';
import { BoundedNames } from './bounded-names.ts';

describe('BoundedNames', () => {
  it('keeps the first names, and calls the others other', () => {
    const names = new BoundedNames(2);
    expect(['a', 'phones.b', 'c', 'a', 'phones.b'].map((name) => names.label(name))).toEqual([
      'a',
      'phones.b',
      'other',
      'a',
      'phones.b',
    ]);
  });

  it.each([
    'jonis@relecloud.com',
    'Joni Sherman',
    '206-555-0100',
    '',
    'a'.repeat(65),
    'a.b.c',
    'ä',
  ])('never keeps what is no name of a property: %s', (text) => {
    const names = new BoundedNames(1);
    expect(names.label(text)).toBe('other');
    expect(names.label('a')).toBe('a');
  });
});
