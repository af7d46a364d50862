import { DOCUMENTED_CUSTOMER } from '../../local-stack.ts';

/** Bounds of the proxy's rules: of the texts of an address, of its postal code, of those of a phone. */
const MOST = { text: 256, postalCode: 32, phone: 64 };
/** So large can one address be, and one phone with what it needs beside it. */
const ADDRESS_BYTES = 3000;
const PHONE_BYTES = 2000;
/** Two bytes in UTF-8: of ASCII alone 20 addresses and 30 phones do not come to 60 kB. */
const LETTER = 'é';

/**
 * A valid create of `bytes` or a little less, as large as its addresses and phones make it.
 *
 * @returns one character for each byte
 */
export function longBody(bytes: number): string {
  let body = bodyWith(bytes, 1);
  for (let letters = 2; letters <= MOST.text; letters += 1) {
    const longer = bodyWith(bytes, letters);
    if (longer.length > bytes) break;
    body = longer;
  }
  return body;
}

/** As many addresses and phones as `bytes` take, with texts of so many `letters` where they may be. */
function bodyWith(bytes: number, letters: number): string {
  const upTo = (most: number) => LETTER.repeat(Math.min(letters, most));
  const [text, phone] = [upTo(MOST.text), upTo(MOST.phone)];
  const address = {
    ...{ postOfficeBox: text, street: text, city: text, state: text, countryOrRegion: text },
    ...{ postalCode: upTo(MOST.postalCode), type: 'business' },
  };
  const customer = {
    ...DOCUMENTED_CUSTOMER,
    addresses: timesOf(bytes, ADDRESS_BYTES, address),
    phones: timesOf(bytes, PHONE_BYTES, {
      ...{ number: phone, type: 'business', language: phone, region: phone },
    }),
  };
  return Buffer.from(JSON.stringify(customer)).toString('latin1');
}

function timesOf(bytes: number, each: number, item: object): readonly object[] {
  return Array.from({ length: Math.ceil(bytes / each) }, () => item);
}
