// A cheap stub of Graph: the documented response with Graph's headers, and the key set of the callers'
// tokens.
import { createServer, type RequestListener } from 'node:http';
import { DOCUMENTED_CUSTOMER } from '../local-stack.ts';

export const HEADERS = {
  'Content-Type':
    'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
  'Cache-Control': 'private',
  'Strict-Transport-Security': 'max-age=31536000',
  'OData-Version': '4.0',
  'request-id': '74c63e85-95a4-4e70-adc2-ae60662e5511',
  'client-request-id': '74c63e85-95a4-4e70-adc2-ae60662e5511',
};
const CONTEXT =
  "https://graph.microsoft.com/v1.0/$metadata#solutions/bookingBusinesses('b%40contoso.com')/customers/$entity";
const AT = '2026-11-23T10:51:39.931Z';
const { '@odata.type': type, ...properties } = DOCUMENTED_CUSTOMER;
const links = { '@odata.type': type, '@odata.context': CONTEXT };
const times = { createdDateTime: AT, lastUpdatedDateTime: AT };
const [before, after] = JSON.stringify({ ...links, id: 'ID', ...properties, ...times }).split('ID');
let created = 0;

/** A customer with a new id, as JSON. */
export function newCustomer(): string {
  created += 1;
  return `${before}b97ebcdc-17bd-4f60-aabd-${String(created).padStart(12, '0')}${after}`;
}

export const handleRequest: RequestListener = (request, response) => {
  request.resume().once('end', () => {
    const body = request.url === '/keys' ? (process.env['KEY_SET'] ?? '') : newCustomer();
    const status = request.method === 'POST' ? 201 : 200;
    response.writeHead(status, { ...HEADERS, 'Content-Length': body.length }).end(body);
  });
};

export const server = createServer(handleRequest).listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address?.port ?? 0}\n`);
});
