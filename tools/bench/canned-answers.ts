import type { IncomingMessage, ServerResponse } from 'node:http';
import { DOCUMENTED_CUSTOMER } from '../local-stack.ts';

const PAGES = [100, 1000];
/** Customers of a list that is asked for without a size; it is complete. */
const WHOLE_LIST = 10;

export const GRAPH_HEADERS = {
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

/** What Graph would answer, made beforehand, and the key set of the callers' tokens. */
export class CannedAnswers {
  readonly #keySet: string;
  readonly #beforeId: string;
  readonly #afterId: string;
  readonly #pages: ReadonlyMap<number, Buffer>;
  readonly #wholeList: Buffer;
  #created = 0;

  /** @param port at which they are given, for the links in them */
  constructor(port: number, keySet: string) {
    this.#keySet = keySet;
    const graph = `http://127.0.0.1:${port}/v1.0`;
    const context = `${graph}/$metadata#solutions/bookingBusinesses('b%40contoso.com')/customers`;
    const template = JSON.stringify({
      '@odata.type': DOCUMENTED_CUSTOMER['@odata.type'],
      '@odata.context': `${context}/$entity`,
      ...customer(0),
    });
    const idAt = template.indexOf('000000000000');
    this.#beforeId = template.slice(0, idAt);
    this.#afterId = template.slice(idAt + 12);
    const list = (size: number, links: object) => {
      const value = Array.from({ length: size }, (_none, index) => customer(index));
      return Buffer.from(JSON.stringify({ '@odata.context': context, ...links, value }));
    };
    this.#wholeList = list(WHOLE_LIST, {});
    this.#pages = new Map(
      PAGES.map((size) => {
        const nextLink = `${graph}/solutions/bookingBusinesses/b%40contoso.com/customers?$top=${size}&$skiptoken=next`;
        return [size, list(size, { '@odata.nextLink': nextLink })] as const;
      }),
    );
  }

  /** To a request that was read to its end. */
  answer(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '';
    if (url === '/keys') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(this.#keySet);
      return;
    }
    const body = request.method === 'POST' ? this.#newCustomer() : this.#read(url);
    if (body === undefined) response.writeHead(404).end();
    else {
      const status = request.method === 'POST' ? 201 : 200;
      response.writeHead(status, { ...GRAPH_HEADERS, 'Content-Length': body.length }).end(body);
    }
  }

  #read(url: string): string | Buffer | undefined {
    if (/\/customers\/[^?]/.test(url)) return this.#customer(0);
    if (url.endsWith('/customers')) return this.#wholeList;
    return this.#pages.get(Number(/top=(\d+)/.exec(url)?.[1]));
  }

  #newCustomer(): string {
    this.#created += 1;
    return this.#customer(this.#created);
  }

  #customer(index: number): string {
    return `${this.#beforeId}${String(index).padStart(12, '0')}${this.#afterId}`;
  }
}

function customer(index: number): object {
  const { displayName, emailAddress, addresses, phones } = DOCUMENTED_CUSTOMER;
  const id = `b97ebcdc-17bd-4f60-aabd-${String(index).padStart(12, '0')}`;
  const dateTime = '2026-11-23T10:51:39.931Z';
  const times = { createdDateTime: dateTime, lastUpdatedDateTime: dateTime };
  return { id, displayName, emailAddress, addresses, phones, ...times };
}
