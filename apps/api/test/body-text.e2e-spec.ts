import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BODY_WAYS, detailsOf, targetsOf } from './body-ways.ts';
import { BUSINESS } from './documented.ts';
import { useStack } from './stack.ts';
import { TEXT_MEMBERS, around } from './text-members.ts';

const stack = useStack();
let id: string;
beforeEach(async () => {
  id = String((await stack.create()).body['id']);
});

const CONTROL_FREE = /^displayName$|^phones/;
const MAY_BREAK = /^addresses/;
const controlCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0x1f }), fc.integer({ min: 0x7f, max: 0x9f }))
  .map((code) => String.fromCharCode(code));
const way = fc.constantFrom(...BODY_WAYS);

describe('a control character', () => {
  it('is refused with its position in a display name and in a phone', async () => {
    const before = stack.graphRequests;
    const controlled = TEXT_MEMBERS.filter(([path]) => CONTROL_FREE.test(path));
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

  it('is refused with its position in an address unless it is a tab or a line break', async () => {
    const before = stack.graphRequests;
    const lines = fc.constantFrom('', '\t', 'a\r\nb', '\u{1f600}\n');
    await fc.assert(
      fc.asyncProperty(
        way,
        fc.constantFrom(...TEXT_MEMBERS.filter(([path]) => MAY_BREAK.test(path))),
        lines,
        controlCharacter.filter((control) => !/[\t\r\n]/.test(control)),
        async (by, [path, body], start, control) => {
          const response = await by.send(stack, body(`${start}${control}x`), id);
          const position = Array.from(start).length + 1;
          expect([response.status, targetsOf(response)]).toEqual([400, [path]]);
          expect(detailsOf(response)[0]?.message).toContain(
            `a control character at position ${position},`,
          );
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

describe('a display name that shows nothing', () => {
  it.each(['\u3164', '\u115f\u1160', '\u2800 \u2800', '\ufe0f', '\u034f\u200d', '\uffa0\u00a0'])(
    'is refused like a blank one: %j',
    async (displayName) => {
      for (const by of BODY_WAYS) {
        const response = await by.send(stack, { displayName }, id);
        expect([response.status, targetsOf(response)]).toEqual([400, ['displayName']]);
        expect(detailsOf(response)[0]?.message).toContain('not all of them blank');
      }
    },
  );
});

describe('other text', () => {
  it.each([
    ['a flag of tags', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
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
