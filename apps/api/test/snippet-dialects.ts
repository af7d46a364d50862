// Requests that Microsoft's SDKs send for the snippets in Graph's documentation, according to their
// sources. Versions in headers are examples. HTTP/2, which C#, Python and PowerShell prefer, ends at
// the gateway. contrib = microsoftgraph/microsoft-graph-docs-contrib.
import { BUSINESS } from './documented.ts';

/** The requests of one SDK. Header names are in lower case, as `fetch` sends them. */
export interface Dialect {
  /** Path of the customers. */
  readonly customers: string;
  /** Query for the customers with Joni's e-mail address: two to a page, with their count. */
  readonly list: string;
  /** Makes the URL of the next page from a link. Default: the link. */
  readonly next?: (link: string) => string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Accept headers by kind of response. Without one, `fetch` accepts any type. */
  readonly accept: Readonly<Partial<Record<'json' | 'count' | 'delete', string>>>;
  readonly contentType: string;
  readonly create: string;
  readonly update: string;
}

const TYPE = { '@odata.type': '#microsoft.graph.bookingCustomer' };
const JONI = { displayName: 'Joni Sherman', emailAddress: 'jonis@relecloud.com' };
const ADELE = { displayName: 'Adele', emailAddress: 'adele@relecloud.com' };
const PHONES = [
  { number: '206-555-0100', type: 'home' },
  { number: '206-555-0200', type: 'business' },
];
const ADDRESSES = [
  { postalCode: '98052', state: 'NY', street: '4567 Main Street', type: 'home' },
  { postalCode: '98054', state: 'NY', street: '4570 Main Street', type: 'business' },
].map((lines) => ({ city: 'Buffalo', countryOrRegion: 'USA', ...lines }));

// A model writes the members of its base class, its own members by name, and additional data last:
// microsoftgraph/msgraph-sdk-dotnet BookingCustomer.cs, Entity.cs,
// PhysicalAddress.cs; the Java and Python SDKs' models of these names do the same.
const kiotaCustomer = (bag: (type: string) => object) => ({
  ...TYPE,
  addresses: ADDRESSES.map(({ type, ...lines }) => ({ ...lines, ...bag(type) })),
  ...JONI,
  phones: PHONES,
});
const bagOf = (postOfficeBox: string) => (type: string) => ({ [postOfficeBox]: '', type });

// json.dumps puts a space after commas and colons: microsoft/kiota-python
// packages/serialization/json/kiota_serialization_json/json_serialization_writer.py.
const pythonJson = (body: object) => JSON.stringify(body, undefined, 1).replaceAll(/\n */g, ' ');

const SEGMENT = encodeURIComponent(BUSINESS);
const EQUALS =
  '$filter=microsoft.graph.bookingCustomer%2FemailAddress%20eq%20%27jonis%40relecloud.com%27';

// A template's {bookingBusiness%2Did} is encoded as one segment, {?%24filter} character by
// character (std-uritemplate/std-uritemplate), and a handler turns %24 in names into a dollar sign
// again (ParametersNameDecodingHandler in microsoft/kiota-dotnet, kiota-java, kiota-python).
const kiota = {
  customers: `/v1.0/solutions/bookingBusinesses/${SEGMENT}/customers`,
  contentType: 'application/json',
};

// Customers|Count|BookingCustomerBaseItem…RequestBuilder.cs of microsoftgraph/msgraph-sdk-dotnet;
// GraphTelemetryHandler.cs of msgraph-sdk-dotnet-core; UserAgentHandlerOption.cs and
// KiotaClientFactory.cs (compression) of microsoft/kiota-dotnet. What was set to null comes first:
// BackingStoreSerializationWriterProxyFactory.cs of microsoft/kiota-dotnet. Prefer: contrib
// concepts/best-practices-concept.md. Snippet: contrib api-reference/v1.0/includes/snippets/csharp/
// bookingbusinesspostcustomers-csharp-snippets.md.
const csharp: Dialect = {
  ...kiota,
  list: `?$count=true&${EQUALS}&$top=2`,
  headers: {
    'user-agent': 'kiota-dotnet/1.17.1',
    sdkversion:
      'graph-dotnet/5.72.0, graph-dotnet-core/3.2.1 (featureUsage=00000047; hostOS=Unix 6.8.0.45; hostArch=X64; runtimeEnvironment=.NET 8.0.11;)',
    'client-request-id': '5f4b1f9e-6c0a-4f0e-9b57-0d5f4a8f2c11',
    'accept-encoding': 'gzip, deflate, br',
    prefer: 'include-unknown-enum-members',
  },
  accept: { json: 'application/json', count: 'text/plain;q=0.9', delete: 'application/json' },
  create: JSON.stringify(kiotaCustomer(bagOf('postOfficeBox'))),
  update: JSON.stringify({ emailAddress: null, ...TYPE, displayName: 'Adele' }),
};

// The builders of these names in microsoftgraph/msgraph-sdk-java; GraphTelemetryHandler.java of
// msgraph-sdk-java-core; UserAgentHandler.java of microsoft/kiota-java. The bag is a HashMap, which
// has no order: contrib …/snippets/java/bookingbusinesspostcustomers-java-snippets.md.
const java: Dialect = {
  ...csharp,
  headers: {
    'user-agent': 'kiota-java/1.8.0',
    sdkversion:
      'graph-java/6.24.0, graph-java-core/3.6.0 (featureUsage=47; runtimeEnvironment=JRE/21.0.5)',
    'client-request-id': 'b0f3a1de-32c5-4d52-8a3d-5b4c1c5e7a02',
  },
  create: JSON.stringify(kiotaCustomer((type) => ({ type, postOfficeBox: '' }))),
  update: JSON.stringify({ ...TYPE, ...ADELE }),
};

// customers_request_builder.py and its neighbours of microsoftgraph/msgraph-sdk-python at 0551c983
// (the types and the order of the options); user_agent_handler.py of microsoft/kiota-python. Ids
// and versions go to Graph's own hosts alone: middleware/telemetry.py of msgraph-sdk-python-core.
const python: Dialect = {
  ...kiota,
  list: `?$top=2&${EQUALS}&$count=true`,
  headers: { 'user-agent': 'kiota-python/1.3.3' },
  accept: {
    json: 'application/json;q=1',
    count: 'text/plain;q=0.9',
    delete: 'application/json, application/json',
  },
  create: pythonJson(kiotaCustomer(bagOf('postOfficeBox'))),
  update: pythonJson({ ...TYPE, ...ADELE }),
};

// Custom middleware lacks the handler that decodes names: graph_client_factory.py
// of microsoftgraph/msgraph-sdk-python-core, create_with_custom_middleware.
const pythonUndecoded: Dialect = { ...python, list: python.list.replaceAll('$', '%24') };

// URL, query and body: powershell/llcsharp/operation/method.ts, schema/string.ts, schema/object.ts
// and model/model-class-json.ts of Azure/autorest.powershell. Headers: Helpers/HttpHelpers.cs,
// RequestUserAgent.cs and Constants.cs of microsoftgraph/msgraph-sdk-powershell,
// src/Authentication/Authentication. A hashtable has no order (about_Hash_Tables). What is left of
// -Top comes into the link: tools/Custom/ListCmdlet.cs, GetOverflowItemsNextLinkUri. Snippet:
// src/Bookings/v1.0/examples/New-MgBookingBusinessCustomer.md.
const powershell: Dialect = {
  ...python,
  next: (link) => {
    const url = new URL(link);
    url.searchParams.set('$top', '1');
    return url.href;
  },
  headers: {
    'user-agent': 'Mozilla/5.0 (Linux; Ubuntu 22.04.5 LTS; en-US) PowerShell/7.4.6',
    sdkversion: 'graph-powershell/2.25.0',
    'accept-encoding': 'gzip',
  },
  accept: {},
  create: JSON.stringify({
    phones: PHONES,
    ...JONI,
    addresses: ADDRESSES.map((lines) => ({ postOfficeBox: '', ...lines })),
    ...TYPE,
  }),
  update: JSON.stringify({ ...ADELE, ...TYPE }),
};

// The URL as the user types it, here as in contrib api-reference/beta/api/bookingcustomer-get.md,
// and the type in -ContentType: src/Authentication/Authentication/Cmdlets/
// InvokeMgGraphRequest.cs of msgraph-sdk-powershell.
const invoke: Dialect = {
  ...powershell,
  customers: `/v1.0/solutions/bookingbusinesses/${BUSINESS.toLowerCase()}/customers`,
  contentType: 'application/json; charset=utf-8',
};

export const DIALECTS: readonly (readonly [string, Dialect])[] = [
  ['C#', csharp],
  ['Java', java],
  ['Python', python],
  ['Python with middleware of its own', pythonUndecoded],
  ['PowerShell', powershell],
  ['Invoke-MgGraphRequest', invoke],
];

/** Bodies of Microsoft's documentation with invalid property names, and these names. */
export const MISNAMED: readonly (readonly [string, string, readonly string[]])[] = [
  // contrib …/snippets/python/bookingbusinesspostcustomers-python-snippets.md, at 322a29c7.
  [
    'the unchanged Python snippet',
    pythonJson(kiotaCustomer(bagOf('post_office_box'))),
    ['addresses[0].post_office_box', 'addresses[1].post_office_box'],
  ],
  // src/Bookings/Bookings/examples/v1.0/New-MgBookingBusinessCustomer.md of msgraph-sdk-powershell
  // at c6b756c4: the cmdlet's type has only an id, so the names go up as they are typed.
  [
    'the older PowerShell example',
    JSON.stringify({ ...TYPE, DisplayName: 'Joni', EmailAddress: 'j@relecloud.com', Phones: [] }),
    ['DisplayName', 'EmailAddress', 'Phones', 'displayName'],
  ],
];
