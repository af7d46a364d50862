import fc from 'fast-check';
import type { Sent } from './fuzz-requests.ts';

/** Bytes that are inserted into a request. Some have a meaning for parsers. */
const inserted = fc.oneof(
  fc.constantFrom(
    '\r\n',
    '\n',
    '\r',
    '\0',
    ':',
    ' ',
    '\t',
    '\r\n\r\n',
    '0\r\n\r\n',
    '\x7f',
    '\xff',
  ),
  fc.constantFrom('Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n', 'HTTP/9.9', 'GET / '),
  fc.string({ unit: 'binary-ascii', maxLength: 8 }),
);
const cut = fc.record({ at: fc.nat(), length: fc.nat(40), inserted });

/** A request with random replacements. It may be incomplete. */
export function broken(requests: fc.Arbitrary<Sent>): fc.Arbitrary<Sent> {
  return fc.tuple(requests, fc.array(cut, { minLength: 1, maxLength: 4 })).map(([sent, cuts]) => {
    let { bytes } = sent;
    for (const { at, length, inserted: more } of cuts) {
      const from = at % (bytes.length + 1);
      bytes = bytes.slice(0, from) + more + bytes.slice(from + length);
    }
    return { method: '', bytes, whole: false };
  });
}

/** Random bytes. */
export const noise: fc.Arbitrary<Sent> = fc
  .uint8Array({ minLength: 1, maxLength: 2000 })
  .map((bytes) => ({ method: '', bytes: Buffer.from(bytes).toString('latin1'), whole: false }));
