import { createPart, partsOf, sendBatch } from './batch-requests.ts';
import { customersPath, relativePath } from './documented.ts';
import { newKey } from './idempotent-requests.ts';
import { objectIn } from './json.ts';
import { type Stack } from './stack.ts';

export interface BodyResponse {
  readonly status: number;
  readonly error: Record<string, unknown>;
}

/** Sends a body in one of the ways in which a body reaches the proxy. */
export interface BodyWay {
  readonly title: string;
  readonly isUpdate: boolean;
  /** @param id the customer of an update */
  send(stack: Stack, body: object, id: string): Promise<BodyResponse>;
}

const keyed = () => ({ 'Idempotency-Key': newKey() });
const json = { 'Content-Type': 'application/json' };

/** Creates and updates, alone and in a batch, with and without an Idempotency-Key. */
export const BODY_WAYS: readonly BodyWay[] = [
  {
    title: 'a create',
    isUpdate: false,
    send: (stack, body) => stack.create({ body: JSON.stringify(body) }),
  },
  {
    title: 'a create with a key',
    isUpdate: false,
    send: (stack, body) => stack.create({ body: JSON.stringify(body), headers: keyed() }),
  },
  {
    title: 'an update',
    isUpdate: true,
    send: (stack, body, id) =>
      stack.request('PATCH', `${customersPath()}/${id}`, { body: JSON.stringify(body) }),
  },
  {
    title: 'a create in a batch',
    isUpdate: false,
    send: (stack, body) => sendPart(stack, createPart('1', { body })),
  },
  {
    title: 'a create with a key in a batch',
    isUpdate: false,
    send: (stack, body) =>
      sendPart(stack, createPart('1', { body, headers: { ...json, ...keyed() } })),
  },
  {
    title: 'an update in a batch',
    isUpdate: true,
    send: (stack, body, id) =>
      sendPart(stack, createPart('1', { method: 'PATCH', url: `${relativePath()}/${id}`, body })),
  },
];

async function sendPart(stack: Stack, part: object): Promise<BodyResponse> {
  const [response = {}] = partsOf(await sendBatch(stack, [part]));
  return {
    status: Number(response['status']),
    error: objectIn(objectIn(response, 'body'), 'error'),
  };
}

/** The `message` and the `target` of each detail of an error. */
export function detailsOf({ error }: BodyResponse): { message: string; target: string }[] {
  const { details } = error;
  return (Array.isArray(details) ? details : []).map((each: Record<string, unknown>) => ({
    message: String(each['message']),
    target: String(each['target']),
  }));
}

export const targetsOf = (response: BodyResponse) =>
  detailsOf(response).map(({ target }) => target);
