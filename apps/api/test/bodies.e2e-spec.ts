import { describe, expect, it } from '@jest/globals';
import { DOCUMENTED_REQUEST } from './documented.ts';
import { useStack } from './stack.ts';

const stack = useStack();

const targets = (details: unknown): unknown[] =>
  Array.isArray(details) ? details.map((each: { target?: unknown }) => each.target) : [];
const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))));

describe('an invalid body', () => {
  it('is refused with every violation and its path, and nothing is sent to Graph', async () => {
    const body = JSON.stringify({
      displayName: ' ',
      emailAddress: 'not an address',
      id: 'x',
      addresses: [{}, { type: 'Home' }],
      phones: [{ number: 1 }, null],
    });
    const response = await stack.create({ body });
    expect([response.status, response.error['code']]).toEqual([400, 'BadRequest']);
    expect(response.innerError['origin']).toBe('proxy');
    expect(targets(response.error['details']).sort()).toEqual([
      'addresses[1].type',
      'displayName',
      'emailAddress',
      'id',
      'phones[0].number',
      'phones[1]',
    ]);
    expect(stack.graphRequests).toBe(0);
  });

  it.each<[string, string | Uint8Array<ArrayBuffer>, string]>([
    [
      'truncated JSON',
      '{"displayName":"Joni Sherman",',
      'it ends too early, at line 1, column 31 (character 31)',
    ],
    ['text', 'hello', 'see line 1, column 1 (character 1)'],
    ['a value without quotes', '{"displayName":\n Joni}', 'see line 2, column 2 (character 18)'],
    ['a comma at the end', '{"phones":[1,]}', 'see line 1, column 14 (character 14)'],
    [
      'a text that looks like a message',
      '[Joni in JSON at position 9 (line 1 column 10)',
      'see line 1, column 2 (character 2)',
    ],
    ['a fault after emoji', '["\u{1f600}\u{1f600}" Joni]', 'see line 1, column 7 (character 7)'],
    ['an empty body', '', 'empty'],
    ['invalid UTF-8', bytes('{"displayName":"', [0xc3, 0x28], '"}'), 'not valid UTF-8'],
    ['an array', '[]', 'see details'],
    ['null', 'null', 'see details'],
    ['__proto__', '{"displayName":"x","__proto__":{"a":1}}', 'see details'],
  ])('is refused without being quoted in the error: %s', async (_title, body, says) => {
    const response = await stack.create({ body });
    expect([response.status, response.error['code']]).toEqual([400, 'BadRequest']);
    expect(response.error['message']).toContain(says);
    expect(response.text).not.toContain('Joni');
    expect(stack.graphRequests).toBe(0);
  });

  it('may begin with a byte order mark', async () => {
    expect(
      (await stack.create({ body: bytes([0xef, 0xbb, 0xbf], DOCUMENTED_REQUEST) })).status,
    ).toBe(201);
  });

  it('is refused with 413 only when it exceeds the limit', async () => {
    const body = (length: number) => '{"displayName":"x"}'.padEnd(length);
    const response = await stack.create({ body: body(65_537) });
    expect([response.status, response.error['code']]).toEqual([413, 'RequestEntityTooLarge']);
    expect(response.error['message']).toContain('The limit is 65536 bytes.');
    expect((await stack.create({ body: body(65_536) })).status).toBe(201);
  });
});

describe('the media type of a body', () => {
  it.each<[string, Record<string, string>, number]>([
    ['application/json', {}, 201],
    ['Application/JSON; Charset="UTF-8"', {}, 201],
    ['application/json;odata.metadata=minimal;IEEE754Compatible=false', {}, 201],
    ['application/json;charset=utf8', {}, 201],
    ['application/json; charset=iso-8859-1', {}, 415],
    ['application/json; charset=utf-16', {}, 415],
    ['application/jsonx', {}, 415],
    ['application/merge-patch+json', {}, 415],
    ['text/plain', {}, 415],
    ['application/x-www-form-urlencoded', {}, 415],
    ['', {}, 415],
    ['application/json', { 'content-encoding': 'gzip' }, 415],
    ['application/json', { 'content-encoding': 'identity' }, 201],
  ])('%j with headers %j is answered with %i', async (type, headers, status) => {
    const response = await stack.create({ headers: { ...headers, 'content-type': type } });
    expect(response.status).toBe(status);
    if (status === 415) expect(response.error['code']).toBe('UnsupportedMediaType');
    expect(stack.graphRequests).toBe(status === 201 ? 1 : 0);
  });

  it('is required', async () => {
    const token = await stack.fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
    const url = `${stack.url}/v1.0/solutions/bookingBusinesses/x/customers`;
    const headers = { authorization: `Bearer ${token}` };
    // fetch adds a media type to a string but not to a stream.
    const body = new Blob([DOCUMENTED_REQUEST]).stream();
    const untyped = { method: 'POST', headers, body, duplex: 'half' } as const;
    expect((await fetch(url, untyped)).status).toBe(415);
    expect((await fetch(url, { method: 'POST', headers })).status).toBe(415);
  });
});
