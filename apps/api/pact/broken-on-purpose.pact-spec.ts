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
import { verifyBookingsApi } from './verified.ts';

const DOCUMENTED = 'a request to create the customer of the page "Create bookingCustomer"';
const INVALID = 'a request to create a customer that breaks three rules';
const EXPIRED = 'a request to create a customer with an expired token';
const NO_PERMISSION = 'a request to create a customer without the permission';
const UNKNOWN_BUSINESS = 'a request to create a customer of an unknown booking business';
const QUEUE_FULL = 'a request to create a customer when the queue of the business is full';
const TIMED_OUT = 'a request to create a customer that Graph does not answer in time';
const REPLAYED = 'a request to create a customer that was created under the same key';
const IN_USE = 'a request to create a customer under a key that is in use';
const REUSED = 'a request to create a customer under the key of another customer';
const NOBODY_KNOWS = 'a request to create a customer under a key of which nobody knows what became';
const MISNAMED = 'a request to create a customer whose name cannot be stored';
const READ = 'a request for a customer';
const LISTED = 'a request for the customers of a business with one';
const PAGED = 'a request for a page of customers that is not the last one';
const COUNTED = 'a request for the number of customers';
const CHANGED = 'a request to change the name of a customer';
const DELETED = 'a request to delete a customer';
const MISSING = 'a request for a customer that is not there';

const BROKEN: readonly (readonly [title: string, interaction: string, Spoil])[] = [
  ['200 for 201', DOCUMENTED, otherStatus(200)],
  ['no id', DOCUMENTED, otherMember('/id')],
  ['an empty id', DOCUMENTED, otherMember('/id', '')],
  ['a number as id', DOCUMENTED, otherMember('/id', 7)],
  ['one address less', DOCUMENTED, otherMember('/addresses/1')],
  ['an empty list of addresses', DOCUMENTED, otherMember('/addresses', [])],
  ['an address without its type', DOCUMENTED, otherMember('/addresses/0/type')],
  ['no phones', DOCUMENTED, otherMember('/phones')],
  [
    'the e-mail address as the name',
    DOCUMENTED,
    otherMember('/displayName', 'jonis@relecloud.com'),
  ],
  ['another media type', DOCUMENTED, otherHeader('Content-Type', 'text/plain')],
  ['no media type', DOCUMENTED, otherHeader('Content-Type')],
  ['an empty body', DOCUMENTED, otherBody('')],
  ['half a body', DOCUMENTED, otherBody('{"id":"36038f36-634e')],
  ['422 for 400', INVALID, otherStatus(422)],
  ['no details', INVALID, otherMember('/error/details')],
  ['one violation less', INVALID, otherMember('/error/details/2')],
  ['a violation of something else', INVALID, otherMember('/error/details/0/target', 'surname')],
  ['the violations as text', INVALID, otherMember('/error/details', 'displayName, emailAddress')],
  ['403 for 401', EXPIRED, otherStatus(403)],
  ['no request-id', EXPIRED, otherMember('/error/innerError/request-id')],
  ['another error code', NO_PERMISSION, otherMember('/error/code', 'Forbidden')],
  ['no message', NO_PERMISSION, otherMember('/error/message')],
  ['another code of Graph', UNKNOWN_BUSINESS, otherMember('/error/code', 'ResourceNotFound')],
  ['an error in no envelope', UNKNOWN_BUSINESS, otherBody('{"code":"ErrorNonExistentMailbox"}')],
  ['no Retry-After', QUEUE_FULL, otherHeader('Retry-After')],
  ['a Retry-After that nobody can read', QUEUE_FULL, otherHeader('Retry-After', 'soon')],
  ['an outcome that was not so', TIMED_OUT, otherMember('/error/innerError/outcome', 'not-sent')],
  ['no outcome', TIMED_OUT, otherMember('/error/innerError/outcome')],
  ['a replay that does not say so', REPLAYED, otherHeader('Idempotent-Replayed')],
  ['200 for a replay', REPLAYED, otherStatus(200)],
  ['another customer for a replay', REPLAYED, otherMember('/displayName', 'Adele Vance')],
  ['425 for a key in use', IN_USE, otherStatus(425)],
  ['a key in use without Retry-After', IN_USE, otherHeader('Retry-After')],
  ['another code for a key in use', IN_USE, otherMember('/error/code', 'Conflict')],
  ['400 for a key of another body', REUSED, otherStatus(400)],
  ['another code for it', REUSED, otherMember('/error/code', 'IdempotencyKeyInUse')],
  [
    'not-sent for what nobody knows',
    NOBODY_KNOWS,
    otherMember('/error/innerError/outcome', 'not-sent'),
  ],
  ['what nobody knows without Retry-After', NOBODY_KNOWS, otherHeader('Retry-After')],
  ['no warning of another name', MISNAMED, otherHeader('Bookings-Warning')],
  ['404 for a customer that is there', READ, otherStatus(404)],
  ['a customer without an id', READ, otherMember('/id')],
  ['a customer without its name', READ, otherMember('/displayName')],
  ['a customer in a list without an id', LISTED, otherMember('/value/0/id')],
  ['an empty list', LISTED, otherMember('/value', [])],
  ['no list', LISTED, otherMember('/value')],
  ['no link to the next page', PAGED, otherMember('/@odata.nextLink')],
  ['a link to elsewhere', PAGED, otherMember('/@odata.nextLink', '/customers')],
  ['another number', COUNTED, otherBody('2')],
  ['no number', COUNTED, otherBody('')],
  ['204 for 200', CHANGED, otherStatus(204)],
  ['the name from before', CHANGED, otherMember('/displayName', 'Joni Sherman')],
  ['200 for 204', DELETED, otherStatus(200)],
  ['404 for a delete', DELETED, otherStatus(404)],
  ['another code for nobody', MISSING, otherMember('/error/code', 'ResourceNotFound')],
];

const file = pactFile('bookings-client', 'bookings-api');

describe('a bookings-api that answers', () => {
  it('as it does keeps the interactions that are broken below', async () => {
    const interactions = new Set(BROKEN.map(([, interaction]) => interaction));
    await expect(verifyBookingsApi({ file, only: [...interactions] })).resolves.toBeUndefined();
  });

  it.each(BROKEN)('%s breaks its contract with bookings-client', async (_title, only, spoil) => {
    const failures = failuresWhen(spoil, (onAnswer) =>
      verifyBookingsApi({ file, only: [only] }, onAnswer),
    );
    await expect(failures).resolves.toMatch(/There were 1 pact failures/);
  });
});
