import { expect } from '@jest/globals';
import { create, customersPath, objectIn, refusalIn, send } from '../client.fixture.ts';
import { documented } from '../documented-example.fixture.ts';
import { type Behaviour, CREATE_PAGE, describeBehaviours } from './behaviour.fixture.ts';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CLIENT_REQUEST_ID = '5151c715-34fd-b0ef-4ca9-d2484dcfd2ab';
const HEADERS_SEEN = 'answers/questions/1138873 and microsoft-graph-docs, issue 5580';

const BEHAVIOURS: readonly Behaviour[] = [
  {
    graph: 'Graph accepts the address of the mailbox with an unencoded @ in the path',
    evidence: 'documented',
    source: CREATE_PAGE,
    verify: async (fake) => {
      const path = `/solutions/bookingBusinesses/${documented.business}/customers`;
      expect((await create(fake, undefined, { path })).status).toBe(201);
    },
  },
  {
    graph: "Graph's own segments of a path may have any letter case",
    evidence: 'inferred',
    source: 'pages that write bookingBusinesses and bookingbusinesses',
    verify: async (fake) => {
      const path = customersPath().replace('bookingBusinesses', 'bookingbusinesses');
      expect((await create(fake, undefined, { path })).status).toBe(201);
    },
  },
  {
    graph: 'Graph sends OData parameters in the media type of a success',
    evidence: 'observed',
    source: HEADERS_SEEN,
    verify: async (fake) => {
      const { headers } = await create(fake);
      expect(headers.get('content-type')).toBe(
        'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
      );
      expect(headers.get('odata-version')).toBe('4.0');
    },
  },
  {
    graph: 'Graph leaves control information out where odata.metadata=none is accepted',
    evidence: 'documented',
    source: 'OData JSON Format 4.01, 3.1.3; that Graph follows it for Bookings is inferred',
    verify: async (fake) => {
      const headers = { accept: 'application/json;odata.metadata=none' };
      const created = await create(fake, undefined, { headers });
      expect(created.headers.get('content-type')).toContain(';odata.metadata=none;');
      expect(Object.keys(await objectIn(created)).filter((name) => name.startsWith('@'))).toEqual(
        [],
      );
      await create(fake);
      const token = await fake.issueGraphToken();
      const path = `${customersPath()}?$top=1&$count=true`;
      const page = await objectIn(await send(fake, '', { method: 'GET', path, token, headers }));
      expect(page).toEqual({
        '@odata.count': 2,
        '@odata.nextLink': expect.stringMatching(/skiptoken/),
        value: [expect.not.objectContaining({ '@odata.type': expect.anything() })],
      });
    },
  },
  {
    graph: 'Graph answers a body that is not JSON by its media type with 415',
    evidence: 'inferred',
    source: 'the statuses of the page on errors; of Bookings nothing is known',
    verify: async (fake) => {
      const text = await create(fake, undefined, { headers: { 'Content-Type': 'text/plain' } });
      expect((await refusalIn(text)).status).toBe(415);
      const type = 'Application/JSON;IEEE754Compatible=false;charset=utf-8';
      const json = await create(fake, undefined, { headers: { 'Content-Type': type } });
      expect(json.status).toBe(201);
    },
  },
  {
    graph: 'Graph sends diagnostics and Cache-Control',
    evidence: 'observed',
    source: HEADERS_SEEN,
    verify: async (fake) => {
      expect(Object.fromEntries((await create(fake)).headers)).toMatchObject({
        'cache-control': 'private',
        'request-id': expect.stringMatching(GUID),
        'strict-transport-security': 'max-age=31536000',
        'x-ms-ags-diagnostic': expect.stringMatching(/^\{"ServerInfo":/),
        date: expect.any(String),
      });
    },
  },
  {
    graph: 'Graph echoes client-request-id',
    evidence: 'observed',
    source: 'dotnet/dev-proxy, issue 209',
    verify: async (fake) => {
      const headers = { 'client-request-id': CLIENT_REQUEST_ID };
      const response = await create(fake, undefined, { headers });
      expect(response.headers.get('client-request-id')).toBe(CLIENT_REQUEST_ID);
    },
  },
  {
    graph: 'Graph copies request-id into an absent client-request-id',
    evidence: 'observed',
    source: 'microsoft-graph-docs, issues 5580 and 7589',
    verify: async (fake) => {
      const { headers } = await create(fake);
      expect(headers.get('client-request-id')).toBe(headers.get('request-id'));
    },
  },
  {
    graph: 'Graph sends an internal host in Location',
    evidence: 'inferred',
    source: 'microsoft-graph-docs, issue 5580, of a calendar; of Bookings nothing is known',
    verify: async (fake) => {
      const location = (await create(fake)).headers.get('location');
      expect(location).toMatch(/^https:\/\/outlook\.office\.com\//);
    },
  },
  {
    graph: 'Graph answers an error as plain JSON in an envelope, with a date without a zone',
    evidence: 'observed',
    source: 'microsoft-graph-docs, issue 15028',
    verify: async (fake) => {
      const headers = { 'client-request-id': CLIENT_REQUEST_ID };
      const response = await create(fake, '[]', { headers });
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(await objectIn(response)).toEqual({
        error: {
          code: expect.any(String),
          message: expect.any(String),
          innerError: {
            date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/),
            'request-id': response.headers.get('request-id'),
            'client-request-id': CLIENT_REQUEST_ID,
          },
        },
      });
    },
  },
  {
    graph: 'Graph answers an unknown business with ErrorNonExistentMailbox',
    evidence: 'observed',
    source: 'microsoft-graph-docs, issue 14841',
    verify: async (fake) => {
      const path = customersPath('missing@contoso.com');
      expect(await refusalIn(await create(fake, undefined, { path }))).toMatchObject({
        code: 'ErrorNonExistentMailbox',
        message: 'The SMTP address has no mailbox associated with it.',
      });
    },
  },
  {
    graph: 'Graph answers an unknown business with 404',
    evidence: 'inferred',
    source: 'what the code means; its status is not quoted anywhere',
    verify: async (fake) => {
      const path = customersPath('missing@contoso.com');
      expect((await create(fake, undefined, { path })).status).toBe(404);
    },
  },
  {
    graph: 'Graph answers an unsupported method with 405 Request_BadRequest',
    evidence: 'inferred',
    source: 'page "Combine multiple HTTP requests using JSON batching", of a call to the directory',
    verify: async (fake) => {
      const token = await fake.issueGraphToken();
      const response = await send(fake, '', { token, method: 'PUT' });
      expect(await refusalIn(response)).toEqual({
        status: 405,
        code: 'Request_BadRequest',
        message: 'Specified HTTP method is not allowed for the request target.',
      });
    },
  },
];

describeBehaviours('the fake of Graph, answering', BEHAVIOURS);
