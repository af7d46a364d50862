import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Metadata, withoutMetadata } from './metadata.ts';

/** The two ids in every response of Graph. */
export interface RequestIds {
  readonly requestId: string;
  readonly clientRequestId: string;
}

/** A complete response that is not sent yet. */
export interface GraphResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error response of Graph. */
export class GraphRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'GraphRefusal';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Graph echoes `client-request-id`. If it is absent, Graph uses its `request-id`. */
export function requestIds(request: IncomingMessage): RequestIds {
  const requestId = randomUUID();
  const sent = request.headers['client-request-id'];
  return { requestId, clientRequestId: typeof sent === 'string' ? sent : requestId };
}

/** The observed headers of every response. Node adds `Date`. */
export function graphHeaders(ids: RequestIds): Record<string, string> {
  const serverInfo = { DataCenter: 'West Europe', Slice: 'E', Ring: '5', ScaleUnit: '000' };
  return {
    'Cache-Control': 'private',
    'Strict-Transport-Security': 'max-age=31536000',
    Vary: 'Accept-Encoding',
    'request-id': ids.requestId,
    'client-request-id': ids.clientRequestId,
    'x-ms-ags-diagnostic': JSON.stringify({
      ServerInfo: { ...serverInfo, RoleInstance: 'GRAPHFAKE' },
    }),
  };
}

/** A success with the observed content type and OData version. */
export function success(
  { ids, metadata }: { readonly ids: RequestIds; readonly metadata: Metadata },
  status: number,
  entity: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
): GraphResponse {
  const parameters = `odata.metadata=${metadata};odata.streaming=true;IEEE754Compatible=false`;
  return {
    status,
    headers: {
      ...graphHeaders(ids),
      'Content-Type': `application/json;${parameters};charset=utf-8`,
      'OData-Version': '4.0',
      ...headers,
    },
    body: JSON.stringify(metadata === 'none' ? withoutMetadata(entity) : entity),
  };
}

/** An error in Graph's envelope. Observed values of `date` have no time zone. */
export function refused(ids: RequestIds, refusal: GraphRefusal): GraphResponse {
  const innerError = {
    date: new Date().toISOString().slice(0, 19),
    'request-id': ids.requestId,
    'client-request-id': ids.clientRequestId,
  };
  const { status, code, message } = refusal;
  return {
    status,
    headers: { ...graphHeaders(ids), 'Content-Type': 'application/json', ...refusal.headers },
    body: JSON.stringify({ error: { code, message, innerError } }),
  };
}
