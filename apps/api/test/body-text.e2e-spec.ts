import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BODY_WAYS, detailsOf, targetsOf } from './body-ways.ts';
import { partsOf, getPart, sendBatch } from './batch-requests.ts';
import { BUSINESS } from './documented.ts';
import { useStack } from './stack.ts';

const stack = useStack();
let id: string;
beforeEach(async () => {
  id = String((await stack.create()).body['id']);
});

/** Every member of a body that is free text, by its path, with a body that has only this one. */
const TEXTS: readonly (readonly [string, (text: string) => object])[] = [
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
const CONTROL_FREE = ['displayName', 'phones[1].number'];

const loneSurrogate = fc
  .integer({ min: 0xd800, max: 0xdfff })
  .map((code) => String.fromCharCode(code));
const controlCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0x1f }), fc.integer({ min: 0x7f, max: 0x9f }))
  .map((code) => String.fromCharCode(code));
/** Text of pairs, marks, joiners and letters, in which no other character is a control character. */
const around = fc
  .array(
    fc.constantFrom('a', '\u{1f469}\u200d\u{1f467}', 'e\u0301', '\u05d0', '\u200f', '\ufe0f', '-'),
    {
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(''));
const place = fc.constantFrom(...TEXTS);
const way = fc.constantFrom(...BODY_WAYS);

describe('an unpaired surrogate', () => {
  it('is refused with its path in every text of a body, and nothing is sent to Graph', async () => {
    const before = stack.graphRequests;
    await fc.assert(
      fc.asyncProperty(
        way,
        place,
        around,
        loneSurrogate,
        around,
        async (by, [path, body], start, surrogate, end) => {
          const response = await by.send(stack, body(`${start}${surrogate}${end}`), id);
          expect([response.status, targetsOf(response)]).toEqual([400, [path]]);
          const [detail] = detailsOf(response);
          const position = Array.from(start).length + 1;
          if (path !== 'emailAddress') {
            expect(detail?.message).toContain(`an unpaired surrogate at position ${position},`);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(stack.graphRequests).toBe(before);
  });

  it.each(BODY_WAYS)('is refused in names and in control information: $title', async (by) => {
    const name = 'displayName';
    for (const [body, target] of [
      [{ [name]: 'x', '@odata.a\ud83d': 1 }, '@odata.a?'],
      [{ [name]: 'x', '\udc00@odata.type': 1 }, '?@odata.type'],
      [{ [name]: 'x', 'note\ud83d': 1 }, 'note?'],
      [{ [name]: 'x', '@odata.context': 'a\ud83d' }, '@odata.context'],
      [{ [name]: 'x', '@odata.x': [{ a: { 'b\ud83d': 1 } }] }, '@odata.x'],
      [{ [name]: 'x', phones: [{ 'type@odata.type': '\udfff' }] }, 'phones[0].type@odata.type'],
      [{ [name]: 'x', phones: [{ type: 'home\ud83d' }] }, 'phones[0].type'],
      [{ [name]: 'x', '@odata.type': '\ud83d' }, '@odata.type'],
    ] as const) {
      const response = await by.send(stack, body, id);
      expect([response.status, targetsOf(response)]).toEqual([400, [target]]);
    }
  });

  it('is not in an error about a long name that has a pair where it is cut', async () => {
    const response = await stack.create({
      body: JSON.stringify({ displayName: 'x', [`${'n'.repeat(63)}\u{1f600}more`]: 1 }),
    });
    expect(targetsOf(response)[0]?.isWellFormed()).toBe(true);
  });

  it('is refused in the id of a part of a batch', async () => {
    const response = await sendBatch(stack, [getPart('a\ud83d')]);
    expect([response.status, targetsOf(response), partsOf(response)]).toEqual([
      400,
      ['requests[0]'],
      [],
    ]);
  });
});

describe('a control character', () => {
  it('is refused with its position in a display name and a phone number', async () => {
    const before = stack.graphRequests;
    const controlled = TEXTS.filter(([path]) => CONTROL_FREE.includes(path));
    await fc.assert(
      fc.asyncProperty(
        way,
        fc.constantFrom(...controlled),
        around,
        controlCharacter,
        around,
        async (by, [path, body], start, control, end) => {
          const response = await by.send(stack, body(`${start}${control}${end}`), id);
          const position = Array.from(start).length + 1;
          expect(response.status).toBe(400);
          expect(detailsOf(response)).toEqual([
            {
              target: path,
              message: `${path} has a control character at position ${position}, counted from 1 in Unicode code points; leave it out.`,
            },
          ]);
        },
      ),
      { numRuns: 200 },
    );
    expect(stack.graphRequests).toBe(before);
  });

  it.each(BODY_WAYS)('may be in an address, where lines break: $title', async (by) => {
    const street = 'Building 7\r\n\t4567 Main Street';
    const { status } = await by.send(stack, { displayName: 'x', addresses: [{ street }] }, id);
    expect(status).toBeLessThan(300);
    expect(stack.fake.customers(BUSINESS).at(-1)?.addresses).toMatchObject([{ street }]);
  });
});

describe('other text', () => {
  it.each([
    ['a joined emoji', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467} family'],
    ['a flag of tags', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
    ['a non-joiner', '\u0646\u0627\u0645\u0647\u200c\u0627\u06cc'],
    ['right-to-left marks', '\u200f\u05d3\u05d5\u05d3\u202c \u202eabc'],
    ['combining marks', 'Zoe\u0308 n\u0303\u0323'],
    ['a composed letter', 'Zo\u00eb \u212b \uac00'],
    ['a variation selector', '\u2764\ufe0f \u845b\u{e0100}'],
    ['spaces and a soft hyphen', 'a\u00a0b\u2003c\u00adz\u3000'],
    ['a private-use and an unassigned character', '\ue000\u{10ffff}\u0378x'],
    ['a line separator', 'a\u2028b'],
    ['markup', '<b>"O\'Hara" & \\sons</b> {{x}} ${y} %00'],
  ])('goes to Graph byte for byte: %s', async (_title, text) => {
    for (const by of BODY_WAYS) {
      const { status } = await by.send(
        stack,
        {
          displayName: text,
          phones: [{ number: text }],
          addresses: [{ city: text }],
        },
        id,
      );
      expect(status).toBeLessThan(300);
      expect(stack.fake.customers(BUSINESS).at(by.isUpdate ? 0 : -1)).toMatchObject({
        displayName: text,
        phones: [{ number: text }],
        addresses: [{ city: text }],
      });
    }
  });
});
