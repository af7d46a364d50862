// Stands in for Graph at next to no cost: canned answers with the headers of Graph's, and the key
// set of the callers' tokens. `slow` in the name of a business makes it take 20 ms.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { DOCUMENTED_CUSTOMER } from '../local-stack.ts';

const DELAY_MS = 20;
const PAGES = [100, 1000];

const port = Number(process.env['PORT']);
const keySet = process.env['KEY_SET'] ?? '';
let created = 0;

const headers = {
  'Content-Type':
    'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
  'Cache-Control': 'private',
  'Strict-Transport-Security': 'max-age=31536000',
  'OData-Version': '4.0',
  'request-id': '74c63e85-95a4-4e70-adc2-ae60662e5511',
  'client-request-id': '74c63e85-95a4-4e70-adc2-ae60662e5511',
  'x-ms-ags-diagnostic':
    '{"ServerInfo":{"DataCenter":"West Europe","Slice":"E","Ring":"5","ScaleUnit":"000","RoleInstance":"BENCH"}}',
};

function customer(index: number): object {
  const { displayName, emailAddress, addresses, phones } = DOCUMENTED_CUSTOMER;
  const id = `b97ebcdc-17bd-4f60-aabd-${String(index).padStart(12, '0')}`;
  const dateTime = '2026-11-23T10:51:39.931Z';
  const times = { createdDateTime: dateTime, lastUpdatedDateTime: dateTime };
  return { id, displayName, emailAddress, addresses, phones, ...times };
}

const context = `http://127.0.0.1:${port}/v1.0/$metadata#solutions/bookingBusinesses('b%40contoso.com')/customers`;
const template = JSON.stringify({
  '@odata.type': DOCUMENTED_CUSTOMER['@odata.type'],
  '@odata.context': `${context}/$entity`,
  ...customer(0),
});
const idAt = template.indexOf('000000000000');
const [beforeId, afterId] = [template.slice(0, idAt), template.slice(idAt + 12)];

const pages = new Map(
  PAGES.map((size) => {
    const nextLink = `http://127.0.0.1:${port}/v1.0/solutions/bookingBusinesses/b%40contoso.com/customers?$top=${size}&$skiptoken=next`;
    const value = Array.from({ length: size }, (_none, index) => customer(index));
    const page = { '@odata.context': context, '@odata.nextLink': nextLink, value };
    return [size, Buffer.from(JSON.stringify(page))] as const;
  }),
);

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? '';
  if (url === '/keys') response.writeHead(200, { 'content-type': 'application/json' }).end(keySet);
  else if (request.method === 'POST') {
    created += 1;
    const body = `${beforeId}${String(created).padStart(12, '0')}${afterId}`;
    response.writeHead(201, { ...headers, 'Content-Length': body.length }).end(body);
  } else {
    const page = pages.get(Number(/top=(\d+)/.exec(url)?.[1]));
    if (page) response.writeHead(200, { ...headers, 'Content-Length': page.length }).end(page);
    else response.writeHead(404).end();
  }
}

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    if (request.url?.includes('slow')) setTimeout(answer, DELAY_MS, request, response);
    else answer(request, response);
  });
});
server.keepAliveTimeout = 600_000;
server.listen(port, '127.0.0.1');
