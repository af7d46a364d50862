import { isObject } from '@bookings/domain';
import { objectIn } from '../json.ts';
import { type Stack } from '../stack.ts';
import { sentBody } from './bodies.ts';
import type { Moment } from './census.ts';
import type { CollectionModel } from './collection-model.ts';
import { type Action, type Step, queryText } from './operations.ts';

export interface HttpRequest {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST';
  readonly path: string;
  readonly body?: object;
}

const METHODS = {
  create: 'POST',
  update: 'PATCH',
  delete: 'DELETE',
  get: 'GET',
  list: 'GET',
  count: 'GET',
} as const;

/**
 * @param path of the collection
 * @param id of the customer that the action names
 */
export function requestOf(action: Action, path: string, id: string | undefined): HttpRequest {
  return {
    method: METHODS[action.kind],
    path: `${path}${pathSuffix(action, id)}`,
    ...('body' in action && { body: sentBody(action.body) }),
  };
}

/** The part of the path that follows the collection. */
function pathSuffix(action: Action, id: string | undefined): string {
  if (id !== undefined) return `/${encodeURIComponent(id)}`;
  if (!('query' in action)) return '';
  return `${action.kind === 'count' ? '/$count' : ''}${queryText(action.query)}`;
}

/** A step that is sent as a request. */
export interface SentRequest {
  readonly step: Step;
  readonly request: HttpRequest;
  /** Model of the business of the step. */
  readonly model: CollectionModel;
  /** Id of the customer that the step names. */
  readonly id: string | undefined;
  /** State of the census when the request was sent. */
  readonly moment: Moment;
  /** URL of the collection, with the business as the request writes it. */
  readonly collectionUrl: string;
  /** `@odata.context` of the collection. */
  readonly context: string;
}

/** A response, alone or in a batch. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  /** See `ProxyResponse`. */
  readonly body: Record<string, unknown>;
  readonly location: unknown;
  /** `body` and, for a list, the bodies of the following pages. */
  readonly pages: readonly Record<string, unknown>[];
  /** Whether `pages` is complete. */
  readonly complete: boolean;
}

type TokenText = string | null;

/** Sends a request and follows the links of a list. */
export async function send(stack: Stack, token: TokenText, request: HttpRequest): Promise<Reply> {
  const { method, path } = request;
  const response = await stack.request(method, path, {
    token,
    ...(request.body && { body: JSON.stringify(request.body) }),
  });
  const { status, text, body } = response;
  const pages = [body];
  const followed = new Set<string>();
  for (let link = nextLink(body); link !== undefined; link = nextLink(pages.at(-1))) {
    if (followed.has(link)) throw new Error(`a link leads back to ${link}`);
    followed.add(link);
    pages.push((await stack.request('GET', link.slice(stack.url.length), { token })).body);
  }
  return { status, text, body, location: response.headers.get('location'), pages, complete: true };
}

function nextLink(body: Record<string, unknown> = {}): string | undefined {
  const { '@odata.nextLink': link } = body;
  return typeof link === 'string' ? link : undefined;
}

interface BatchReply {
  readonly whole: Reply;
  /** Requests and their responses. Lists have only their first page. */
  readonly parts: readonly (readonly [SentRequest, Reply])[];
}

/** Sends requests in a JSON batch. With `chained` each part depends on the one before. */
export async function sendBatch(
  stack: Stack,
  token: TokenText,
  sent: readonly SentRequest[],
  chained: boolean,
): Promise<BatchReply> {
  const requests = sent.map(({ request: { method, path, body } }, index) => ({
    id: String(index),
    method,
    url: path.replace('/v1.0', ''),
    ...(body && { headers: { 'Content-Type': 'application/json' }, body }),
    ...(chained && index > 0 && { dependsOn: [String(index - 1)] }),
  }));
  const path = '/v1.0/$batch';
  const whole = await send(stack, token, { method: 'POST', path, body: { requests } });
  const { responses } = whole.body;
  const answered = Array.isArray(responses) ? responses.filter(isObject) : [];
  const parts = sent.map((each, index) => {
    const response = answered.find(({ id }) => id === String(index));
    return [each, replyIn(response ?? {})] as const;
  });
  return { whole, parts };
}

function replyIn(part: Record<string, unknown>): Reply {
  const { status, body: content } = part;
  const body = objectIn(part, 'body');
  return {
    status: Number(status),
    text: typeof content === 'string' ? content : '',
    body,
    location: objectIn(part, 'headers')['Location'] ?? null,
    pages: [body],
    complete: false,
  };
}
