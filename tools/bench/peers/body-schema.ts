// The rules of a customer's body as a schema for ajv, with the limits of the proxy.
const text = (maxLength: number) => ({ type: ['string', 'null'], maxLength });
const oneOf = (members: string) => ({ enum: [...members.split(' '), null] });
const object = (properties: object) => ({
  ...{ type: 'object', additionalProperties: false, properties },
});

const address = object({
  ...{ postOfficeBox: text(256), street: text(256), city: text(256), state: text(256) },
  ...{ countryOrRegion: text(256), postalCode: text(32) },
  type: oneOf('unknown home business other'),
});
const phone = object({
  ...{ number: text(64), language: text(64), region: text(64) },
  type: oneOf('home business mobile other assistant homeFax businessFax otherFax pager radio'),
});
const TYPES = ['#microsoft.graph.bookingCustomer', 'microsoft.graph.bookingCustomer'];

export const bodySchema = {
  ...object({
    '@odata.type': { enum: TYPES },
    displayName: { type: 'string', maxLength: 256, pattern: '\\S' },
    emailAddress: { type: ['string', 'null'], format: 'email', maxLength: 254 },
    addresses: { type: 'array', maxItems: 20, items: address },
    phones: { type: 'array', maxItems: 30, items: phone },
  }),
  required: ['displayName'],
};
