import { type Mutation, setBody, setHeader, setMember, setStatus } from '@bookings/contracts';
import { describeMutations } from '@bookings/contracts/mutation-tests';
import { verifyBookingsApi } from './verify-bookings-api.ts';

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
const UNKNOWN_OUTCOME = 'a request to create a customer under a key with an unknown outcome';
const MISNAMED = 'a request to create a customer whose name cannot be stored';
const READ = 'a request for a customer';
const LISTED = 'a request for the customers of a business with one';
const PAGED = 'a request for a page of customers that is not the last one';
const COUNTED = 'a request for the number of customers';
const CHANGED = 'a request to change the name of a customer';
const DELETED = 'a request to delete a customer';
const MISSING = 'a request for a missing customer';

const MUTATIONS: readonly Mutation[] = [
  ['200 for 201', DOCUMENTED, setStatus(200)],
  ['no id', DOCUMENTED, setMember('/id')],
  ['an empty id', DOCUMENTED, setMember('/id', '')],
  ['a number as id', DOCUMENTED, setMember('/id', 7)],
  ['a missing address', DOCUMENTED, setMember('/addresses/1')],
  ['an empty list of addresses', DOCUMENTED, setMember('/addresses', [])],
  ['an address without its type', DOCUMENTED, setMember('/addresses/0/type')],
  ['no phones', DOCUMENTED, setMember('/phones')],
  ['the e-mail address as the name', DOCUMENTED, setMember('/displayName', 'jonis@relecloud.com')],
  ['another media type', DOCUMENTED, setHeader('Content-Type', 'text/plain')],
  ['no media type', DOCUMENTED, setHeader('Content-Type')],
  ['an empty body', DOCUMENTED, setBody('')],
  ['a truncated body', DOCUMENTED, setBody('{"id":"36038f36-634e')],
  ['422 for 400', INVALID, setStatus(422)],
  ['no details', INVALID, setMember('/error/details')],
  ['a missing violation', INVALID, setMember('/error/details/2')],
  ['a violation with another target', INVALID, setMember('/error/details/0/target', 'surname')],
  ['the violations as text', INVALID, setMember('/error/details', 'displayName, emailAddress')],
  ['403 for 401', EXPIRED, setStatus(403)],
  ['no request-id', EXPIRED, setMember('/error/innerError/request-id')],
  ['another error code', NO_PERMISSION, setMember('/error/code', 'Forbidden')],
  ['no message', NO_PERMISSION, setMember('/error/message')],
  ['another error code of Graph', UNKNOWN_BUSINESS, setMember('/error/code', 'ResourceNotFound')],
  [
    'an error without its envelope',
    UNKNOWN_BUSINESS,
    setBody('{"code":"ErrorNonExistentMailbox"}'),
  ],
  ['no Retry-After', QUEUE_FULL, setHeader('Retry-After')],
  ['a Retry-After that is not a number', QUEUE_FULL, setHeader('Retry-After', 'soon')],
  ['another outcome', TIMED_OUT, setMember('/error/innerError/outcome', 'not-sent')],
  ['no outcome', TIMED_OUT, setMember('/error/innerError/outcome')],
  ['a replay without Idempotent-Replayed', REPLAYED, setHeader('Idempotent-Replayed')],
  ['200 for a replay', REPLAYED, setStatus(200)],
  ['another customer for a replay', REPLAYED, setMember('/displayName', 'Adele Vance')],
  ['425 for a key in use', IN_USE, setStatus(425)],
  ['a key in use without Retry-After', IN_USE, setHeader('Retry-After')],
  ['another code for a key in use', IN_USE, setMember('/error/code', 'Conflict')],
  ['400 for a reused key', REUSED, setStatus(400)],
  ['another code for a reused key', REUSED, setMember('/error/code', 'IdempotencyKeyInUse')],
  [
    'not-sent for an unknown outcome',
    UNKNOWN_OUTCOME,
    setMember('/error/innerError/outcome', 'not-sent'),
  ],
  ['an unknown outcome without Retry-After', UNKNOWN_OUTCOME, setHeader('Retry-After')],
  ['no warning about the name', MISNAMED, setHeader('Bookings-Warning')],
  ['404 for an existing customer', READ, setStatus(404)],
  ['a customer without an id', READ, setMember('/id')],
  ['a customer without its name', READ, setMember('/displayName')],
  ['a customer in a list without an id', LISTED, setMember('/value/0/id')],
  ['an empty list', LISTED, setMember('/value', [])],
  ['no list', LISTED, setMember('/value')],
  ['no next link', PAGED, setMember('/@odata.nextLink')],
  ['a next link to another address', PAGED, setMember('/@odata.nextLink', '/customers')],
  ['another count', COUNTED, setBody('2')],
  ['no count', COUNTED, setBody('')],
  ['204 for 200', CHANGED, setStatus(204)],
  ['the previous name', CHANGED, setMember('/displayName', 'Joni Sherman')],
  ['200 for 204', DELETED, setStatus(200)],
  ['404 for a delete', DELETED, setStatus(404)],
  ['another code for a missing customer', MISSING, setMember('/error/code', 'ResourceNotFound')],
];

describeMutations('bookings-client', 'bookings-api', verifyBookingsApi, MUTATIONS);
