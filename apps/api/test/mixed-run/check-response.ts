import { expect } from '@jest/globals';
import type { StoredCustomer } from '@bookings/graph-fake';
import { objectIn } from '../json.ts';
import { entity } from './collection-model.ts';
import { checkList, checkSharedCount, checkSharedList } from './list-checks.ts';
import type { Refusal } from './predicted-refusal.ts';
import type { SentRequest, Reply } from './requests.ts';

/** Checks the error of a refusal, and who made it. */
export function checkRefusal(refusal: Refusal, { status, body }: Reply): void {
  const error = objectIn(body, 'error');
  const { code, details } = error;
  const proxy = objectIn(error, 'innerError')['origin'] === 'proxy';
  expect({ status, code, details, refusedBy: proxy ? 'proxy' : 'Graph' }).toEqual({
    ...refusal,
    details: refusal.details?.map((target): unknown => expect.objectContaining({ target })),
  });
}

export const SUCCESS = { create: 201, update: 200, get: 200, list: 200, count: 200, delete: 204 };

/** Applies a successful request to the model, and compares the response with the model. */
export function checkSuccess(sent: SentRequest, reply: Reply): void {
  const { step, model, id = '' } = sent;
  const { action } = step;
  const { status, text, body } = reply;
  if (status !== SUCCESS[action.kind]) {
    throw new Error(`got ${status}: ${JSON.stringify(body)}`);
  }
  switch (action.kind) {
    case 'create':
      checkCustomer(sent, body, model.create(action.body.values, given(body)));
      expect(reply.location).toBe(`${sent.collectionUrl}/${encodeURIComponent(given(body).id)}`);
      return;
    case 'update': {
      const at = textIn(body, 'lastUpdatedDateTime');
      checkCustomer(sent, body, model.update(id, action.body.values, at));
      return;
    }
    case 'get':
      checkCustomer(sent, body, model.get(id));
      return;
    case 'delete':
      model.remove(id);
      expect({ text, body }).toEqual({ text: '', body: {} });
      return;
    case 'count':
      if (step.place === 'own') expect(text).toBe(String(model.matching(action.query).length));
      else checkSharedCount(sent, action.query, /^\d+$/.test(text) ? Number(text) : text);
      return;
    case 'list':
      if (step.place === 'own') checkList(sent, action.query, reply);
      else checkSharedList(sent, action.query, reply);
  }
}

function checkCustomer(
  { context }: SentRequest,
  body: Record<string, unknown>,
  customer: StoredCustomer,
): void {
  expect(body).toEqual({ '@odata.context': `${context}/$entity`, ...entity(customer) });
}

function given(body: Record<string, unknown>) {
  return { id: textIn(body, 'id'), createdDateTime: textIn(body, 'createdDateTime') };
}

function textIn(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value === 'string') return value;
  throw new TypeError(`${name} is no text in ${JSON.stringify(body)}`);
}
