import {
  addMember,
  type Mutate,
  type Mutation,
  setBody,
  setHeader,
  setMember,
  setStatus,
} from '@bookings/contracts';
import { describeMutations } from '@bookings/contracts/mutation-tests';
import { jsonObject } from '../test/json.ts';
import { verifyBookingsApi } from './verify-bookings-api.ts';

const DOCUMENTED = 'a request to create the customer of the page "Create bookingCustomer"';
const ECHOED = 'a request whose response on the page "Create bookingCustomer" echoes all members';
const OTHERS = 'a request to create a customer whose type of address Graph keeps as others';
const MINIMAL = 'a request to create a customer with only a name';
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
const LAST_PAGE = 'a request for the last page of customers through a next link';
const FILTERED = 'a request for the customers with an e-mail address';
const BASE64 = 'a request for a customer whose id in Base64 must be encoded';
const COUNTED = 'a request for the number of customers';
const CHANGED = 'a request to change the name of a customer';
const EMPTIED = 'a request to remove the e-mail address of a customer';
const DELETED = 'a request to delete a customer';
const CONDITIONAL = 'a request to delete a customer on the condition that it exists';
const BATCH = 'a batch that creates a customer and asks for one that is missing';
const MISSING = 'a request for a missing customer';

const CUSTOMERS =
  '/v1.0/solutions/bookingBusinesses/Contosolunchdelivery%40contoso.onmicrosoft.com/customers';

const reverseResponses: Mutate = (response) => {
  const { responses } = jsonObject(response.body.toString());
  const reversed = Array.isArray(responses) ? responses.toReversed() : [];
  response.body = Buffer.from(JSON.stringify({ responses: reversed }));
};

const MUTATIONS: readonly Mutation[] = [
  ['200 for 201', DOCUMENTED, setStatus(200)],
  ['no id', DOCUMENTED, setMember('/id')],
  ['an empty id', DOCUMENTED, setMember('/id', '')],
  ['a number as id', DOCUMENTED, setMember('/id', 7)],
  ['a missing address', DOCUMENTED, setMember('/addresses/1')],
  ['an empty list of addresses', DOCUMENTED, setMember('/addresses', [])],
  ['another city', DOCUMENTED, setMember('/addresses/0/city', 'Seattle')],
  ['no type of an address where the page has one', ECHOED, setMember('/addresses/0/type')],
  ['no postOfficeBox where the page has one', ECHOED, setMember('/addresses/1/postOfficeBox')],
  ['home for others', OTHERS, setMember('/addresses/0/type', 'home')],
  ['another name', MINIMAL, setMember('/displayName', 'Adele Vance')],
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
  [
    'a next link to Graph',
    PAGED,
    setMember('/@odata.nextLink', `https://graph.microsoft.com${CUSTOMERS}?$top=1&$skiptoken=x`),
  ],
  [
    'a next link to another host',
    PAGED,
    setMember(
      '/@odata.nextLink',
      `https://bookings.contoso.com.evil.example${CUSTOMERS}?$top=1&$skiptoken=x`,
    ),
  ],
  [
    'a next link without encryption',
    PAGED,
    setMember('/@odata.nextLink', `http://bookings.contoso.com${CUSTOMERS}?$top=1&$skiptoken=x`),
  ],
  [
    'a next link to the first page',
    PAGED,
    setMember('/@odata.nextLink', `https://bookings.contoso.com${CUSTOMERS}?$top=1`),
  ],
  ['400 for the second page', LAST_PAGE, setStatus(400)],
  ['an empty second page', LAST_PAGE, setMember('/value', [])],
  ['an empty list for a filter', FILTERED, setMember('/value', [])],
  ['400 for a filter', FILTERED, setStatus(400)],
  ['404 for an id in Base64', BASE64, setStatus(404)],
  ['another count', COUNTED, setBody('2')],
  ['no count', COUNTED, setBody('')],
  ['204 for 200', CHANGED, setStatus(204)],
  ['the previous name', CHANGED, setMember('/displayName', 'Joni Sherman')],
  ['an e-mail address that stays', EMPTIED, setMember('/emailAddress', 'jonis@relecloud.com')],
  ['no e-mail address instead of null', EMPTIED, setMember('/emailAddress')],
  ['412 for If-Match: *', CONDITIONAL, setStatus(412)],
  ['400 for a batch', BATCH, setStatus(400)],
  ['a batch without one of its responses', BATCH, setMember('/responses/1')],
  ['200 for a create in a batch', BATCH, setMember('/responses/0/status', 200)],
  ['a create in a batch without an id', BATCH, setMember('/responses/0/body/id')],
  ['a response in a batch with another id', BATCH, setMember('/responses/1/id', '2')],
  ['200 for 204', DELETED, setStatus(200)],
  ['404 for a delete', DELETED, setStatus(404)],
  ['another code for a missing customer', MISSING, setMember('/error/code', 'ResourceNotFound')],
];

const VARIATIONS: readonly Mutation[] = [
  ['others as the type of an address', READ, setMember('/addresses/0/type', 'others')],
  ['an address without a type', DOCUMENTED, setMember('/addresses/0/type')],
  ['an address without postOfficeBox', LISTED, setMember('/value/0/addresses/0/postOfficeBox')],
  ['an unknown member', READ, addMember('/notes', 'VIP')],
  ['an unknown member of an address', DOCUMENTED, addMember('/addresses/0/floor', '3')],
  ['no empty lists after a create without them', MINIMAL, setMember('/addresses')],
  ['no @odata.type', DOCUMENTED, setMember('/@odata.type')],
  ['an update with the changed members', CHANGED, setMember('/phones')],
  ['the responses of a batch in another order', BATCH, reverseResponses],
];

describeMutations('bookings-client', 'bookings-api', verifyBookingsApi, MUTATIONS, VARIATIONS);
