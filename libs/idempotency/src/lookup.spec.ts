import { describe, expect, it } from '@jest/globals';
import { BookingCustomer } from '@bookings/domain';
import { agreement } from './customer-match.ts';
import { CLOCK_ALLOWANCE_MS, lookFor } from './lookup.ts';

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

describe('what Graph keeps of a customer', () => {
  it.each([
    ['as it was sent', stored, 'full'],
    [
      'with the e-mail address for a name',
      { ...stored, displayName: 'jonis@relecloud.com' },
      'full',
    ],
    [
      'with the e-mail address in capitals',
      { ...stored, emailAddress: 'JoniS@Relecloud.com' },
      'full',
    ],
    ['with another order', { ...stored, addresses: [...stored.addresses, {}].reverse() }, 'full'],
    ['with another name', { ...stored, displayName: 'Adele' }, 'partial'],
    ['without its phones', { ...stored, phones: [] }, 'partial'],
    ['with another address', { ...stored, addresses: [{ ...address, city: 'Rome' }] }, 'partial'],
    ['with another e-mail address', { ...stored, emailAddress: 'adele@contoso.com' }, 'none'],
    ['without an e-mail address', without('emailAddress'), 'none'],
  ])('agrees %s', (_title, listed, expected) => {
    expect(agreement(sent, listed)).toBe(expected);
  });

  it.each([
    ['null', { ...stored, emailAddress: null, addresses: [], phones: null }, 'full'],
    ['empty', { ...stored, emailAddress: '', addresses: [], phones: [] }, 'full'],
    ['with phones', { ...stored, emailAddress: null, addresses: [] }, 'partial'],
    ['with another name', { displayName: 'Adele', emailAddress: null }, 'none'],
  ])('agrees with one of which only the name was sent: %s', (_title, listed, expected) => {
    const named = Object.assign(new BookingCustomer(), { displayName: 'Joni Sherman' });
    expect(agreement(named, listed)).toBe(expected);
  });
});

describe('a look-up', () => {
  const duplicate = { ...stored, id: 'd' };
  const before = { ...stored, id: 'e', createdDateTime: '2026-11-24T11:59:54Z' };
  const justBefore = { ...stored, createdDateTime: '2026-11-24T11:59:56Z' };
  const stranger = { ...stored, id: 'f', emailAddress: 'adele@contoso.com' };
  const partial = { ...stored, id: 'g', phones: [] };
  const timeless = without('createdDateTime');

  it.each<[string, Record<string, unknown>[], string[], string]>([
    ['it alone', [stored], [], 'found'],
    ['it among others', [stranger, stored, before], [], 'found'],
    ['it, a little before the window', [justBefore], [], 'found'],
    ['it and a duplicate of another key', [stored, duplicate], ['d'], 'found'],
    ['nobody', [], [], 'none'],
    ['strangers', [stranger], [], 'none'],
    ['one from before', [before], [], 'none'],
    ['one of another key', [stored], ['c'], 'none'],
    ['two', [stored, duplicate], [], 'inconclusive'],
    ['it and one that agrees in part', [stored, partial], [], 'inconclusive'],
    ['one that agrees in part', [partial], [], 'inconclusive'],
    ['one without a time', [timeless], [], 'inconclusive'],
    ['one without an id', [without('id')], [], 'inconclusive'],
  ])('that finds %s', async (_title, customers, owned, kind) => {
    const listing = { customers, aheadMs: 0 };
    const areOwned = () => Promise.resolve(new Set(owned));
    const lost = { sent, openedAtMs: SENT_AT_MS, unsettledDuplicates: 0 };
    expect((await lookFor(lost, listing, areOwned)).kind).toBe(kind);
  });

  it.each<[string, Record<string, unknown>[], number, string | undefined]>([
    ['the oldest where another duplicate is unknown', [duplicate, justBefore], 1, 'c'],
    [
      'none where there are more than duplicates',
      [duplicate, justBefore, { ...duplicate, id: 'h' }],
      1,
      undefined,
    ],
    ['none where one agrees in part', [justBefore, partial], 1, undefined],
    ['the only one whatever is unknown', [stored], 3, 'c'],
  ])('takes %s', async (_title, customers, unsettledDuplicates, id) => {
    const lost = { sent, openedAtMs: SENT_AT_MS, unsettledDuplicates };
    const none = () => Promise.resolve(new Set<string>());
    const finding = await lookFor(lost, { customers, aheadMs: 0 }, none);
    expect(finding.kind === 'found' ? finding.id : undefined).toBe(id);
  });

  it("goes by Graph's clock", async () => {
    const areOwned = () => Promise.resolve(new Set<string>());
    const hourAheadMs = 3_600_000;
    const look = (aheadMs: number | undefined, openedAtMs: number) =>
      lookFor({ sent, openedAtMs, unsettledDuplicates: 0 }, { customers: [stored], aheadMs }, areOwned);
    expect((await look(hourAheadMs, SENT_AT_MS - hourAheadMs)).kind).toBe('found');
    expect((await look(hourAheadMs, SENT_AT_MS)).kind).toBe('none');
    expect((await look(0, SENT_AT_MS + CLOCK_ALLOWANCE_MS + 1001)).kind).toBe('none');
    // Without it nobody can say.
    expect((await look(undefined, SENT_AT_MS)).kind).toBe('inconclusive');
  });
});
