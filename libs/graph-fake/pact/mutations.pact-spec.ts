import { type Mutation, setBody, setHeader, setMember, setStatus } from '@bookings/contracts';
import { describeMutations } from '@bookings/contracts/mutation-tests';
import { verifyMicrosoftGraph } from './verify-microsoft-graph.ts';

const DOCUMENTED = 'a request to create the customer of the page "Create bookingCustomer"';
const DECLARED =
  'a request to create a customer with only the address properties of the v1.0 schema';
const INVALID = 'a request to create a customer with a phone of an unknown type';
const NO_TOKEN = 'a request to create a customer with a token that is not valid';
const SIGN_IN = 'a request to create a customer for a user who must sign in again';
const NO_PERMISSION = 'a request to create a customer without the permission';
const UNKNOWN_BUSINESS = 'a request to create a customer of an unknown booking business';
const THROTTLED = 'a request to create a customer while four requests are in progress';
const FAILED = 'a request to create a customer for which Graph fails without a reason';
const READ = 'a request for a customer';
const LISTED = 'a request for the customers of a business with one';
const PAGED = 'a request for a page of customers that is not the last one';
const LAST_PAGE = 'a request for the last page of customers through a next link';
const COUNTED = 'a request for the number of customers';
const CHANGED = 'a request to change the name of a customer';
const DELETED = 'a request to delete a customer';
const MISSING = 'a request for a missing customer';

const MUTATIONS: readonly Mutation[] = [
  ['200 for 201', DOCUMENTED, setStatus(200)],
  ['204 for 201', DOCUMENTED, setStatus(204)],
  ['no id', DOCUMENTED, setMember('/id')],
  ['an empty id', DOCUMENTED, setMember('/id', '')],
  ['a number as id', DOCUMENTED, setMember('/id', 7)],
  ['another type', DOCUMENTED, setMember('/@odata.type', '#microsoft.graph.bookingPerson')],
  ['no type', DOCUMENTED, setMember('/@odata.type')],
  ['the context of the collection', DOCUMENTED, setMember('/@odata.context', 'x/customers')],
  ['a missing address', DOCUMENTED, setMember('/addresses/1')],
  ['an address without postOfficeBox', DOCUMENTED, setMember('/addresses/0/postOfficeBox')],
  ['an address without its type', DOCUMENTED, setMember('/addresses/1/type')],
  ['a phone of another type', DOCUMENTED, setMember('/phones/0/type', 'mobile')],
  ['the e-mail address as the name', DOCUMENTED, setMember('/displayName', 'jonis@relecloud.com')],
  ['no e-mail address', DOCUMENTED, setMember('/emailAddress', null)],
  ['another media type', DOCUMENTED, setHeader('Content-Type', 'application/xml')],
  ['an empty body', DOCUMENTED, setBody('')],
  ['a truncated body', DOCUMENTED, setBody('{"@odata.type":"#microsoft')],
  ['an address without its street', DECLARED, setMember('/addresses/0/street')],
  ['500 for 400', INVALID, setStatus(500)],
  ['an HTML page instead of an error', INVALID, setBody('<html></html>')],
  ['403 for 401', NO_TOKEN, setStatus(403)],
  ['no challenge', SIGN_IN, setHeader('WWW-Authenticate')],
  ['a challenge without claims', SIGN_IN, setHeader('WWW-Authenticate', 'Bearer realm=""')],
  ['no error code', NO_PERMISSION, setMember('/error/code')],
  ['a number as error code', NO_PERMISSION, setMember('/error/code', 403)],
  ['no message', NO_PERMISSION, setMember('/error/message')],
  ['another error code', UNKNOWN_BUSINESS, setMember('/error/code', 'ErrorItemNotFound')],
  ['400 for 404', UNKNOWN_BUSINESS, setStatus(400)],
  ['no Retry-After', THROTTLED, setHeader('Retry-After')],
  ['a Retry-After that is not a number', THROTTLED, setHeader('Retry-After', 'soon')],
  ['503 for 429', THROTTLED, setStatus(503)],
  ['an error without its envelope', FAILED, setBody('{"code":"UnknownError","message":""}')],
  ['404 for an existing customer', READ, setStatus(404)],
  ['a customer without an id', READ, setMember('/id')],
  ['a customer without its name', READ, setMember('/displayName')],
  ['a customer in a list without an id', LISTED, setMember('/value/0/id')],
  ['an empty list', LISTED, setMember('/value', [])],
  ['no list', LISTED, setMember('/value')],
  ['no next link', PAGED, setMember('/@odata.nextLink')],
  ['a next link to another address', PAGED, setMember('/@odata.nextLink', '/customers')],
  ['400 for a next link', LAST_PAGE, setStatus(400)],
  ['an empty last page', LAST_PAGE, setMember('/value', [])],
  ['another count', COUNTED, setBody('2')],
  ['no count', COUNTED, setBody('')],
  ['204 for 200', CHANGED, setStatus(204)],
  ['the previous name', CHANGED, setMember('/displayName', 'Joni Sherman')],
  ['200 for 204', DELETED, setStatus(200)],
  ['404 for a delete', DELETED, setStatus(404)],
  ['another code for a missing customer', MISSING, setMember('/error/code', 'ResourceNotFound')],
];

describeMutations('bookings-api', 'microsoft-graph', verifyMicrosoftGraph, MUTATIONS);
