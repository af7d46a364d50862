import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BusinessAccessError, readBusinessAccess } from './read-business-access.ts';

const APP = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const caller = (more: object = {}) => ({
  appId: APP,
  businesses: ['a@b'],
  operations: ['read'],
  ...more,
});
const file = (...entries: unknown[]) => ({ callers: entries });
const withPatterns = (...businesses: unknown[]) => file(caller({ businesses }));

function refusal(input: unknown): BusinessAccessError {
  try {
    readBusinessAccess(input);
  } catch (error) {
    if (error instanceof BusinessAccessError) return error;
    throw error;
  }
  throw new TypeError('the file was accepted');
}
const faults = (input: unknown) =>
  refusal(input).faults.map(({ path, wrong }) => `${path} ${wrong}`);

describe('readBusinessAccess', () => {
  it.each<[string, unknown]>([
    [
      'the example of the interface',
      file(caller({ operations: ['create', 'read', 'update', 'delete'] })),
    ],
    ['a GUID in capitals', file(caller({ appId: APP.toUpperCase() }))],
    ['no callers', file()],
    ['every business', withPatterns('*@*')],
    ['a pattern of 320 characters', withPatterns(`${'x'.repeat(318)}@b`)],
    ['special characters of addresses', withPatterns("o'neill+x_y-z.!#$&*=?^`{|}~@contoso.com")],
  ])('accepts %s', (_title, input) => {
    expect(() => readBusinessAccess(input)).not.toThrow();
  });

  it.each<[string, unknown, string[]]>([
    ['null', null, [' is not an object']],
    ['a list', [], [' is not an object']],
    ['a text', 'callers', [' is not an object']],
    ['no callers', {}, ['callers is missing']],
    ['callers that are no list', { callers: {} }, ['callers is not a list']],
    ['another property', { ...file(), rules: [] }, ['rules is unknown']],
    ['a property that could be data', { ...file(), 'joni@relecloud.com': 1 }, ['? is unknown']],
    [
      'a property of objects',
      JSON.parse('{"callers":[],"__proto__":{}}'),
      ['__proto__ is unknown'],
    ],
    ['a caller that is none', file(null), ['callers[0] is not an object']],
    [
      'an empty caller',
      file({}),
      [
        'callers[0].appId is missing',
        'callers[0].businesses is missing',
        'callers[0].operations is missing',
      ],
    ],
    [
      'a misspelled property',
      file(caller({ bussinesses: [] })),
      ['callers[0].bussinesses is unknown'],
    ],
    [
      'an appId that is not a string',
      file(caller({ appId: 7 })),
      ['callers[0].appId is not a GUID'],
    ],
    ['an appId in braces', file(caller({ appId: `{${APP}}` })), ['callers[0].appId is not a GUID']],
    [
      'an appId with a line break',
      file(caller({ appId: `${APP}\n` })),
      ['callers[0].appId is not a GUID'],
    ],
    ['*', file(caller({ appId: '*' })), ['callers[0].appId is not a GUID']],
    [
      'an appId twice, in another letter case',
      file(caller(), caller({ appId: APP.toUpperCase() })),
      ['callers[1].appId is the same as in callers[0]'],
    ],
    ['no businesses', file(caller({ businesses: [] })), ['callers[0].businesses is empty']],
    [
      'one business without a list',
      file(caller({ businesses: 'a@b' })),
      ['callers[0].businesses is not a list'],
    ],
    ['no operations', file(caller({ operations: [] })), ['callers[0].operations is empty']],
    [
      'operations of null',
      file(caller({ operations: null })),
      ['callers[0].operations is not a list'],
    ],
    [
      'operations that are none',
      file(caller({ operations: ['write', 'read', 'Create', '*', 7] })),
      [0, 2, 3, 4].map((index) => `callers[0].operations[${index}] is unknown`),
    ],
    [
      'a pattern that is not a string',
      withPatterns('a@b', 7),
      ['callers[0].businesses[1] is not a string'],
    ],
    ['an empty pattern', withPatterns(''), ['callers[0].businesses[0] is empty']],
    [
      'a lone asterisk',
      withPatterns('*'),
      ['callers[0].businesses[0] matches nothing: * does not match "@"'],
    ],
    ['no "@"', withPatterns('contoso.com'), ['callers[0].businesses[0] has no "@"']],
    ['two "@"', withPatterns('a@b@c'), ['callers[0].businesses[0] has more than one "@"']],
    [
      'nothing before "@"',
      withPatterns('@c'),
      ['callers[0].businesses[0] has an empty part before or after "@"'],
    ],
    [
      'nothing behind "@"',
      withPatterns('a@'),
      ['callers[0].businesses[0] has an empty part before or after "@"'],
    ],
    [
      'characters that are not allowed',
      withPatterns(
        'a%40b@c',
        'a/b@c',
        'a\\b@c',
        ' a@c',
        'a@c ',
        '\u212aiosk@c',
        'a@\u0441',
        'a\0@c',
        'a\n@c',
      ),
      Array.from(
        { length: 9 },
        (_none, index) => `callers[0].businesses[${index}] has a character that is not allowed`,
      ),
    ],
    [
      'a pattern that is too long',
      withPatterns(`${'x'.repeat(319)}@b`),
      ['callers[0].businesses[0] is longer than 320 characters'],
    ],
    [
      'several faults at once',
      {
        callers: [caller({ appId: 'x', operations: ['x'] }), 7, caller({ businesses: ['*'] })],
        x: 1,
      },
      [
        'x is unknown',
        'callers[0].appId is not a GUID',
        'callers[0].operations[0] is unknown',
        'callers[1] is not an object',
        'callers[2].businesses[0] matches nothing: * does not match "@"',
      ],
    ],
  ])('refuses %s', (_title, input, expected) => {
    expect(faults(input)).toEqual(expected);
    for (const { expected: right } of refusal(input).faults) expect(right).not.toBe('');
  });

  it('suggests *@* instead of a lone asterisk', () => {
    expect(refusal(withPatterns('*')).faults[0]?.expected).toContain('*@* matches every business');
  });

  it('reports the first thousand faults and counts all', () => {
    const { faults: reported, count } = refusal(file(...Array<number>(5000).fill(7)));
    expect([reported.length, count]).toEqual([1000, 5000]);
  });

  it('never repeats a value', () => {
    const secret = 'se cret';
    const values = fc.oneof(fc.constant(secret), fc.constant([secret]), fc.constant({ x: secret }));
    const entries = fc.array(
      fc.record({ appId: values, businesses: values, operations: values }, { requiredKeys: [] }),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(entries, (callers) => {
        const { faults: reported, message } = refusal({ callers, [secret]: secret });
        expect(JSON.stringify(reported) + message).not.toContain(secret);
      }),
    );
  });
});
