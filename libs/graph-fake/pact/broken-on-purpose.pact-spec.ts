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
const READ = 'a request for a customer';
const LISTED = 'a request for the customers of a business with one';
const PAGED = 'a request for a page of customers that is not the last one';
const LAST_PAGE = 'a request for the last page of customers, as a link has it';
const COUNTED = 'a request for the number of customers';
const CHANGED = 'a request to change the name of a customer';
const DELETED = 'a request to delete a customer';
const MISSING = 'a request for a customer that is not there';

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
  ['404 for a customer that is there', READ, otherStatus(404)],
  ['a customer without an id', READ, otherMember('/id')],
  ['a customer without its name', READ, otherMember('/displayName')],
  ['a customer in a list without an id', LISTED, otherMember('/value/0/id')],
  ['an empty list', LISTED, otherMember('/value', [])],
  ['no list', LISTED, otherMember('/value')],
  ['no link to the next page', PAGED, otherMember('/@odata.nextLink')],
  ['a link to elsewhere', PAGED, otherMember('/@odata.nextLink', '/customers')],
  ['400 for a link of its own', LAST_PAGE, otherStatus(400)],
  ['an empty page at the end of a link', LAST_PAGE, otherMember('/value', [])],
  ['another number', COUNTED, otherBody('2')],
  ['no number', COUNTED, otherBody('')],
  ['204 for 200', CHANGED, otherStatus(204)],
  ['the name from before', CHANGED, otherMember('/displayName', 'Joni Sherman')],
  ['200 for 204', DELETED, otherStatus(200)],
  ['404 for a delete', DELETED, otherStatus(404)],
  ['another code for nobody', MISSING, otherMember('/error/code', 'ResourceNotFound')],
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
