import { describe, expect, it } from '@jest/globals';
import { BookingCustomer } from '@bookings/domain';
import { matchCustomer } from './customer-match.ts';
import { CLOCK_TOLERANCE_MS, findCustomer } from './lookup.ts';

const SENT_AT_MS = Date.parse('2026-11-24T12:00:00Z');
const address = { street: '4567 Main Street', city: 'Buffalo' };
const sent = Object.assign(new BookingCustomer(), {
  displayName: 'Joni Sherman',
  emailAddress: 'jonis@relecloud.com',
  addresses: [{ ...address, postOfficeBox: '', type: 'home' }],
  phones: [{ number: '206-555-0100', type: 'home' }],
});
const stored = {
  id: 'c',
  displayName: 'Joni Sherman',
  emailAddress: 'jonis@relecloud.com',
  addresses: [{ ...address, state: null, type: 'others' }],
  phones: [{ number: '206-555-0100', type: 'home' }],
  createdDateTime: '2026-11-24T12:00:01Z',
};
const without = (name: keyof typeof stored) =>
  Object.fromEntries(Object.entries(stored).filter(([each]) => each !== name));

describe('matchCustomer', () => {
  it('compares texts without regard to their normal form', () => {
    const composed = {
      displayName: 'Zoë',
      emailAddress: 'zoë@relecloud.com',
      addresses: [{ ...address, city: 'Å' }],
    };
    const decomposed = {
      ...stored,
      displayName: 'Zoe\u0308',
      emailAddress: 'ZOE\u0308@relecloud.com',
      addresses: [{ ...address, city: 'A\u030a' }],
    };
    expect(matchCustomer(Object.assign(new BookingCustomer(), sent, composed), decomposed)).toBe(
      'full',
    );
  });

  it.each([
    ['an equal customer', stored, 'full'],
    [
      'one with the e-mail address as its name',
      { ...stored, displayName: 'jonis@relecloud.com' },
      'full',
    ],
    [
      'one with the e-mail address in capitals',
      { ...stored, emailAddress: 'JoniS@Relecloud.com' },
      'full',
    ],
    [
      'one with another order of addresses',
      { ...stored, addresses: [...stored.addresses, {}].reverse() },
      'full',
    ],
    ['one with another name', { ...stored, displayName: 'Adele' }, 'partial'],
    ['one without its phones', { ...stored, phones: [] }, 'partial'],
    [
      'one with another address',
      { ...stored, addresses: [{ ...address, city: 'Rome' }] },
      'partial',
    ],
    ['one with another e-mail address', { ...stored, emailAddress: 'adele@contoso.com' }, 'none'],
    ['one without an e-mail address', without('emailAddress'), 'none'],
  ])('compares with %s', (_title, listed, expected) => {
    expect(matchCustomer(sent, listed)).toBe(expected);
  });

  it.each([
    ['null', { ...stored, emailAddress: null, addresses: [], phones: null }, 'full'],
    ['empty', { ...stored, emailAddress: '', addresses: [], phones: [] }, 'full'],
    ['phones', { ...stored, emailAddress: null, addresses: [] }, 'partial'],
    ['of another name', { displayName: 'Adele', emailAddress: null }, 'none'],
  ])(
    'compares a customer with only a name to one whose other values are %s',
    (_title, listed, expected) => {
      const named = Object.assign(new BookingCustomer(), { displayName: 'Joni Sherman' });
      expect(matchCustomer(named, listed)).toBe(expected);
    },
  );
});

describe('findCustomer', () => {
  const duplicate = { ...stored, id: 'd' };
  const before = { ...stored, id: 'e', createdDateTime: '2026-11-24T11:59:54Z' };
  const justBefore = { ...stored, createdDateTime: '2026-11-24T11:59:56Z' };
  const other = { ...stored, id: 'f', emailAddress: 'adele@contoso.com' };
  const partial = { ...stored, id: 'g', phones: [] };
  const timeless = without('createdDateTime');

  it.each<[string, Record<string, unknown>[], string[], string]>([
    ['the customer alone', [stored], [], 'found'],
    ['the customer among others', [other, stored, before], [], 'found'],
    ['the customer, within the clock tolerance', [justBefore], [], 'found'],
    ['the customer and one of another key', [stored, duplicate], ['d'], 'found'],
    ['no customers', [], [], 'none'],
    ['different customers', [other], [], 'none'],
    ['a customer from before the window', [before], [], 'none'],
    ['a customer of another key', [stored], ['c'], 'none'],
    ['two matching customers', [stored, duplicate], [], 'inconclusive'],
    ['a full and a partial match', [stored, partial], [], 'inconclusive'],
    ['a partial match', [partial], [], 'inconclusive'],
    ['a match without a creation time', [timeless], [], 'inconclusive'],
    ['a match without an id', [without('id')], [], 'inconclusive'],
  ])('handles a list with %s', async (_title, customers, owned, kind) => {
    const list = { customers, clockOffsetMs: 0 };
    const ownedIds = () => Promise.resolve(new Set(owned));
    const lost = { sent, sentAtMs: SENT_AT_MS, settledAtMs: Infinity, unknownDuplicates: 0 };
    expect((await findCustomer(lost, list, ownedIds)).kind).toBe(kind);
  });

  it.each<[string, Record<string, unknown>[], number, string | undefined]>([
    ['the oldest match when a duplicate is unknown', [duplicate, justBefore], 1, 'c'],
    [
      'none when there are more matches than duplicates',
      [duplicate, justBefore, { ...duplicate, id: 'h' }],
      1,
      undefined,
    ],
    ['none when one match is partial', [justBefore, partial], 1, undefined],
    ['a single match when duplicates are unknown', [stored], 3, 'c'],
  ])('takes %s', async (_title, customers, unknownDuplicates, id) => {
    const lost = { sent, sentAtMs: SENT_AT_MS, settledAtMs: Infinity, unknownDuplicates };
    const none = () => Promise.resolve(new Set<string>());
    const finding = await findCustomer(lost, { customers, clockOffsetMs: 0 }, none);
    expect(finding.kind === 'found' ? finding.id : undefined).toBe(id);
  });

  it('leaves out customers from after the window', async () => {
    const late = { ...stored, id: 'i', createdDateTime: '2026-11-24T12:01:06Z' };
    const settledAtMs = Date.parse('2026-11-24T12:01:00Z');
    const lost = { sent, sentAtMs: SENT_AT_MS, settledAtMs, unknownDuplicates: 0 };
    const none = () => Promise.resolve(new Set<string>());
    const find = (...customers: Record<string, unknown>[]) =>
      findCustomer(lost, { customers, clockOffsetMs: 0 }, none);
    expect(await find(late)).toEqual({ kind: 'none' });
    expect(await find(stored, late)).toMatchObject({ kind: 'found', id: 'c' });
  });

  it("compares creation times with Graph's clock", async () => {
    const ownedIds = () => Promise.resolve(new Set<string>());
    const hourAheadMs = 3_600_000;
    const find = (clockOffsetMs: number | undefined, sentAtMs: number) =>
      findCustomer(
        { sent, sentAtMs, settledAtMs: Infinity, unknownDuplicates: 0 },
        { customers: [stored], clockOffsetMs },
        ownedIds,
      );
    expect((await find(hourAheadMs, SENT_AT_MS - hourAheadMs)).kind).toBe('found');
    expect((await find(hourAheadMs, SENT_AT_MS)).kind).toBe('none');
    expect((await find(0, SENT_AT_MS + CLOCK_TOLERANCE_MS + 1001)).kind).toBe('none');
    expect((await find(undefined, SENT_AT_MS)).kind).toBe('inconclusive');
  });
});
