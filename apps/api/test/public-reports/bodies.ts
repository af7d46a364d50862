import { jsonObject } from '../json.ts';
import { type Report, issue, pull } from './report.ts';

export interface BodyReport extends Report {
  readonly body: object;
  /** The target and a part of the message; undefined when the body is accepted. */
  readonly refused?: readonly [target: string, message: string];
  /** What Graph then stores. */
  readonly stored?: object;
}

const displayName = 'Adele Vance';
const CUT = 'an unpaired surrogate at position';
const CONTROL = 'a control character at position';

/** Text that cannot be meant, and text that only looks as if it could not. */
export const TEXTS: readonly BodyReport[] = [
  {
    source: pull('JustVugg/colibri', 1589),
    input: 'a text that was cut in the middle of an emoji',
    right: '400 with the path, never 500',
    body: { displayName: 'emoji \ud83d' },
    refused: ['displayName', `${CUT} 7`],
  },
  {
    source: issue('hartwork/jawanndenn', 44),
    input: 'a surrogate within a list',
    right: '400 with the path in the list, never 500',
    body: { displayName, phones: [{ number: '1' }, { number: '\ud800' }] },
    refused: ['phones[1].number', `${CUT} 1`],
  },
  {
    source: pull('antirez/ds4', 299),
    input: 'a stray low surrogate',
    right: '400, never another character',
    body: { displayName, addresses: [{ street: '1 \udc00 Way' }] },
    refused: ['addresses[0].street', `${CUT} 3`],
  },
  {
    source: pull('h2database/h2database', 4401),
    input: 'a surrogate in the name of a member',
    right: '400, and no surrogate in the error',
    body: { displayName, '@odata.x\ud800y': 'z' },
    refused: ['@odata.x?y', 'an unpaired surrogate'],
  },
  {
    source: issue('schaurian/schautrack', 378),
    input: 'NUL in a name',
    right: '400 with the position',
    body: { displayName: 'a\u0000b' },
    refused: ['displayName', `${CONTROL} 2`],
  },
  {
    source: issue('BlueBrain/nexus', 3757),
    input: 'NUL below the top level',
    right: '400 that says what is wrong',
    body: { displayName, phones: [{ number: '206\u0000555' }] },
    refused: ['phones[0].number', `${CONTROL} 4`],
  },
  {
    source: pull('dam-agents/dam', 3613),
    input: 'NUL in a text that may have line breaks',
    right: '400 with the position',
    body: { displayName, addresses: [{ city: 'Buffalo\u0000' }] },
    refused: ['addresses[0].city', `${CONTROL} 8`],
  },
  {
    source: issue('nao1215/qrkit', 11),
    input: 'a carriage return in a name, which ends a line of a vCard',
    right: '400 with the position',
    body: { displayName: 'Alice\rBob' },
    refused: ['displayName', `${CONTROL} 6`],
  },
  {
    source: pull('meziantou/Meziantou.Framework', 2302),
    input: 'a line break that adds a line to a vCard',
    right: '400 with the position',
    body: { displayName, phones: [{ number: '+1\r\nURL:https://evil.example' }] },
    refused: ['phones[0].number', `${CONTROL} 3`],
  },
  {
    source: pull('eclipse-openvsx/openvsx', 1150),
    input: 'an emoji of joined emoji',
    right: 'stored byte for byte',
    body: { displayName: '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}' },
    stored: { displayName: '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}' },
  },
  {
    source: pull('duckduckgo/apple-browsers', 6417),
    input: 'a Persian word with a non-joiner, and a variation selector',
    right: 'stored byte for byte',
    body: { displayName: '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u2764\ufe0f' },
    stored: { displayName: '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u2764\ufe0f' },
  },
  {
    source: issue('XiovV/calich', 252),
    input: 'a name with a right-to-left override',
    right: 'stored byte for byte: names in right-to-left scripts need such marks',
    body: { displayName: 'Alice\u202eeviL' },
    stored: { displayName: 'Alice\u202eeviL' },
  },
];

/** OData's control information, and names that only look like it. */
export const CONTROL_INFORMATION: readonly BodyReport[] = [
  {
    source: issue('odata2ts/odata2ts', 257),
    input: '@odata.type within a complex type',
    right: 'dropped',
    body: { displayName, addresses: [{ '@odata.type': '#x.physicalAddress', city: 'Buffalo' }] },
    stored: { addresses: [{ city: 'Buffalo' }] },
  },
  {
    source: issue('microsoftgraph/msgraph-sdk-php', 1006),
    input: '@odata.type, which an SDK adds to each object',
    right: 'accepted',
    body: {
      '@odata.type': '#microsoft.graph.bookingCustomer',
      displayName,
      phones: [{ '@odata.type': '#microsoft.graph.phone', number: '1' }],
    },
    stored: { phones: [{ number: '1' }] },
  },
  {
    source: pull('microsoftgraph/msgraph-sdk-dotnet', 17),
    input: 'annotations after the values that they are about',
    right: 'accepted in any order',
    body: { displayName, phones: [{ number: '1' }], 'phones@odata.type': '#Collection(x.phone)' },
    stored: { phones: [{ number: '1' }] },
  },
  {
    source: issue('OData/odata.net', 589),
    input: 'an annotation of another vocabulary',
    right: '400 that names it: it could mean something',
    body: { displayName, 'displayName@company.mine.style': 'x' },
    refused: ['displayName@company.mine.style', 'unknown'],
  },
  {
    source: issue('typestack/class-transformer', 340),
    input: '__proto__ as the name of a member',
    right: '400, and no prototype is changed',
    body: jsonObject('{"displayName":"x","__proto__":{"hjw":"jhu"}}'),
    refused: ['__proto__', 'forbidden'],
  },
  {
    source: issue('nestjs/nest', 16050),
    input: 'constructor as the name of a member',
    right: '400',
    body: { displayName, phones: [{ constructor: { prototype: { a: 1 } } }] },
    refused: ['phones[0].constructor', 'forbidden'],
  },
];
