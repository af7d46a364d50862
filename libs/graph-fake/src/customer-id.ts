/** The two observed shapes of customer ids. */
export type IdShape = 'guid' | 'base64';

/**
 * The Base64 shape of a customer id: 59 bytes, 80 characters.
 *
 * `00 04 24 00`, the mailbox's GUID as 36 ASCII characters, `00 10 00`, the customer's GUID in
 * .NET's little-endian order. Microsoft does not document it. It is inferred from the one public
 * pair of ids (microsoft-graph-docs-contrib issue 9047).
 */
export function base64Id(mailboxGuid: string, customerGuid: string): string {
  return Buffer.concat([
    Buffer.from([0x00, 0x04, 0x24, 0x00]),
    Buffer.from(mailboxGuid, 'ascii'),
    Buffer.from([0x00, 0x10, 0x00]),
    littleEndian(customerGuid),
  ]).toString('base64');
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Where the bytes of the customer begin. */
const CUSTOMER_AT = 43;

export function isGuid(id: string): boolean {
  return GUID.test(id);
}

/** The same customer's id in the other shape; undefined if `id` is no id of the mailbox. */
export function otherShape(mailboxGuid: string, id: string): string | undefined {
  if (isGuid(id)) return base64Id(mailboxGuid, id);
  const hex = reversed(Buffer.from(id, 'base64').subarray(CUSTOMER_AT)).toString('hex');
  const guid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return isGuid(guid) && base64Id(mailboxGuid, guid) === id ? guid : undefined;
}

function littleEndian(guid: string): Buffer {
  return reversed(Buffer.from(guid.replaceAll('-', ''), 'hex'));
}

/** Reverses the first three groups of a GUID. Twice, it changes nothing. */
function reversed(guid: Buffer): Buffer {
  const bytes = Buffer.from(guid);
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
