import { describe, expect, it } from '@jest/globals';
import {
  failuresWhen,
  otherBody,
  otherHeader,
  otherMember,
  otherStatus,
  pactFile,
  type Spoil,
} from '@bookings/contracts';
import { verifyMicrosoftGraph } from './verified.ts';

const DOCUMENTED = 'a request to create the customer of the page "Create bookingCustomer"';
const DECLARED =
  'a request to create a customer whose addresses have what the v1.0 schema declares';
const INVALID = 'a request to create a customer with a phone of an unknown type';
const NO_TOKEN = 'a request to create a customer with a token that is not valid';
const SIGN_IN = 'a request to create a customer for a user who must sign in again';
const NO_PERMISSION = 'a request to create a customer without the permission';
const UNKNOWN_BUSINESS = 'a request to create a customer of an unknown booking business';
const THROTTLED = 'a request to create a customer while four others are under way';
const FAILED = 'a request to create a customer that Graph fails to answer with a reason';

const BROKEN: readonly (readonly [title: string, interaction: string, Spoil])[] = [
  ['200 for 201', DOCUMENTED, otherStatus(200)],
  ['204 for 201', DOCUMENTED, otherStatus(204)],
  ['no id', DOCUMENTED, otherMember('/id')],
  ['an empty id', DOCUMENTED, otherMember('/id', '')],
  ['a number as id', DOCUMENTED, otherMember('/id', 7)],
  ['another type', DOCUMENTED, otherMember('/@odata.type', '#microsoft.graph.bookingPerson')],
  ['no type', DOCUMENTED, otherMember('/@odata.type')],
  ['the context of the collection', DOCUMENTED, otherMember('/@odata.context', 'x/customers')],
  ['one address less', DOCUMENTED, otherMember('/addresses/1')],
  ['an address without postOfficeBox', DOCUMENTED, otherMember('/addresses/0/postOfficeBox')],
  ['an address without its type', DOCUMENTED, otherMember('/addresses/1/type')],
  ['a phone of another type', DOCUMENTED, otherMember('/phones/0/type', 'mobile')],
  [
    'the e-mail address as the name',
    DOCUMENTED,
    otherMember('/displayName', 'jonis@relecloud.com'),
  ],
  ['no e-mail address', DOCUMENTED, otherMember('/emailAddress', null)],
  ['another media type', DOCUMENTED, otherHeader('Content-Type', 'application/xml')],
  ['an empty body', DOCUMENTED, otherBody('')],
  ['half a body', DOCUMENTED, otherBody('{"@odata.type":"#microsoft')],
  ['an address without its street', DECLARED, otherMember('/addresses/0/street')],
  ['500 for 400', INVALID, otherStatus(500)],
  ['a web page for an error', INVALID, otherBody('<html></html>')],
  ['403 for 401', NO_TOKEN, otherStatus(403)],
  ['no challenge', SIGN_IN, otherHeader('WWW-Authenticate')],
  ['a challenge without claims', SIGN_IN, otherHeader('WWW-Authenticate', 'Bearer realm=""')],
  ['no error code', NO_PERMISSION, otherMember('/error/code')],
  ['a number as error code', NO_PERMISSION, otherMember('/error/code', 403)],
  ['no message', NO_PERMISSION, otherMember('/error/message')],
  ['another error code', UNKNOWN_BUSINESS, otherMember('/error/code', 'ErrorItemNotFound')],
  ['400 for 404', UNKNOWN_BUSINESS, otherStatus(400)],
  ['no Retry-After', THROTTLED, otherHeader('Retry-After')],
  ['a Retry-After that nobody can read', THROTTLED, otherHeader('Retry-After', 'soon')],
  ['503 for 429', THROTTLED, otherStatus(503)],
  ['an error in no envelope', FAILED, otherBody('{"code":"UnknownError","message":""}')],
];

const file = pactFile('bookings-api', 'microsoft-graph');

describe('a microsoft-graph that answers', () => {
  it('as it does keeps the interactions that are broken below', async () => {
    const interactions = new Set(BROKEN.map(([, interaction]) => interaction));
    await expect(verifyMicrosoftGraph({ file, only: [...interactions] })).resolves.toBeUndefined();
  });

  it.each(BROKEN)('%s breaks its contract with bookings-api', async (_title, only, spoil) => {
    const failures = failuresWhen(spoil, (onAnswer) =>
      verifyMicrosoftGraph({ file, only: [only] }, onAnswer),
    );
    await expect(failures).resolves.toMatch(/There were 1 pact failures/);
  });
});
