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

/** The bytes of the first three groups are reversed. */
function littleEndian(guid: string): Buffer {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}
