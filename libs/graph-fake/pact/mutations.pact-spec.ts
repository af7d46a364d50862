import {
  addMember,
  type Mutation,
  setBody,
  setHeader,
  setMember,
  setStatus,
} from '@bookings/contracts';
import { describeMutations } from '@bookings/contracts/mutation-tests';
import { verifyMicrosoftGraph } from './verify-microsoft-graph.ts';

const DOCUMENTED = 'a request to create the customer of the page "Create bookingCustomer"';
const DECLARED =
  'a request to create a customer with only the address properties of the v1.0 schema';
const ECHOED = 'a request whose response on the page "Create bookingCustomer" echoes all members';
const MINIMAL = 'a request to create a customer with only a name';
const INVALID = 'a request to create a customer with a phone of an unknown type';
const NO_TOKEN = 'a request to create a customer with a token that is not valid';
const NO_PERMISSION = 'a request to create a customer without the permission';
const UNKNOWN_BUSINESS = 'a request to create a customer of an unknown booking business';
const READ = 'a request for a customer';
const LISTED = 'a request for the customers of a business with one';
const PAGED = 'a request for a page of customers that is not the last one';
const LAST_PAGE = 'a request for the last page of customers through a next link';
const FILTERED = 'a request for the customers with an e-mail address';
const COUNTED = 'a request for the number of customers';
const CHANGED = 'a request to change the name of a customer';
const EMPTIED = 'a request to remove the e-mail address of a customer';
const DELETED = 'a request to delete a customer';
const CONDITIONAL = 'a request to delete a customer on the condition that it exists';
const MISSING = 'a request for a missing customer';

const MUTATIONS: readonly Mutation[] = [
  ['200 for 201', DOCUMENTED, setStatus(200)],
  ['204 for 201', DOCUMENTED, setStatus(204)],
  ['no id', DOCUMENTED, setMember('/id')],
  ['an empty id', DOCUMENTED, setMember('/id', '')],
  ['a number as id', DOCUMENTED, setMember('/id', 7)],
  ['the context of the collection', DOCUMENTED, setMember('/@odata.context', 'x/customers')],
  ['a missing address', DOCUMENTED, setMember('/addresses/1')],
  ['another city', DOCUMENTED, setMember('/addresses/0/city', 'Seattle')],
  ['a phone of another type', DOCUMENTED, setMember('/phones/0/type', 'mobile')],
  ['the e-mail address as the name', DOCUMENTED, setMember('/displayName', 'jonis@relecloud.com')],
  ['no e-mail address', DOCUMENTED, setMember('/emailAddress', null)],
  ['another media type', DOCUMENTED, setHeader('Content-Type', 'application/xml')],
  ['an empty body', DOCUMENTED, setBody('')],
  ['a truncated body', DOCUMENTED, setBody('{"@odata.type":"#microsoft')],
  ['no postOfficeBox where the page has one', ECHOED, setMember('/addresses/0/postOfficeBox')],
  ['no type of an address where the page has one', ECHOED, setMember('/addresses/1/type')],
  ['others as the type of an address', ECHOED, setMember('/addresses/1/type', 'others')],
  ['another name', MINIMAL, setMember('/displayName', 'Adele Vance')],
  ['202 for 201', MINIMAL, setStatus(202)],
  ['an address without its street', DECLARED, setMember('/addresses/0/street')],
  ['500 for 400', INVALID, setStatus(500)],
  ['an HTML page instead of an error', INVALID, setBody('<html></html>')],
  ['403 for 401', NO_TOKEN, setStatus(403)],
  ['no error code', NO_PERMISSION, setMember('/error/code')],
  ['a number as error code', NO_PERMISSION, setMember('/error/code', 403)],
  ['no message', NO_PERMISSION, setMember('/error/message')],
  ['another error code', UNKNOWN_BUSINESS, setMember('/error/code', 'ErrorItemNotFound')],
  ['400 for 404', UNKNOWN_BUSINESS, setStatus(400)],
  ['an error without its envelope', UNKNOWN_BUSINESS, setBody('{"code":"x","message":""}')],
  ['404 for an existing customer', READ, setStatus(404)],
  ['a customer without an id', READ, setMember('/id')],
  ['a customer without its name', READ, setMember('/displayName')],
  ['a customer in a list without an id', LISTED, setMember('/value/0/id')],
  ['an empty list', LISTED, setMember('/value', [])],
  ['no list', LISTED, setMember('/value')],
  ['an empty list for a filter', FILTERED, setMember('/value', [])],
  ['400 for a filter with a cast', FILTERED, setStatus(400)],
  ['no next link', PAGED, setMember('/@odata.nextLink')],
  ['a next link to another address', PAGED, setMember('/@odata.nextLink', '/customers')],
  ['400 for a next link', LAST_PAGE, setStatus(400)],
  ['an empty last page', LAST_PAGE, setMember('/value', [])],
  ['another count', COUNTED, setBody('2')],
  ['no count', COUNTED, setBody('')],
  ['204 for 200', CHANGED, setStatus(204)],
  ['the previous name', CHANGED, setMember('/displayName', 'Joni Sherman')],
  ['an e-mail address that stays', EMPTIED, setMember('/emailAddress', 'jonis@relecloud.com')],
  ['an empty e-mail address', EMPTIED, setMember('/emailAddress', '')],
  ['412 for If-Match: *', CONDITIONAL, setStatus(412)],
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
  ['another @odata.type', READ, setMember('/@odata.type', '#microsoft.graph.bookingPerson')],
  ['an update with the changed members', CHANGED, setMember('/phones')],
];

describeMutations('bookings-api', 'microsoft-graph', verifyMicrosoftGraph, MUTATIONS, VARIATIONS);
