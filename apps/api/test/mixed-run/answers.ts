import { expect } from '@jest/globals';
import type { StoredCustomer } from '@bookings/graph-fake';
import { objectIn } from '../stack.ts';
import { entity } from './collection-model.ts';
import { checkList, checkSharedCount, checkSharedList } from './list-checks.ts';
import type { Refusal } from './predicted-refusal.ts';
import type { Asked, Reply } from './requests.ts';

/** Checks what a refusal says, and whose it is. */
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

/** Does to the model what a request that succeeds does; checks that the answer says the same. */
export function checkSuccess(asked: Asked, reply: Reply): void {
  const { step, model, id = '' } = asked;
  const { action } = step;
  const { status, text, body } = reply;
  if (status !== SUCCESS[action.kind]) {
    throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  }
  switch (action.kind) {
    case 'create':
      checkCustomer(asked, body, model.create(action.body.values, given(body)));
      expect(reply.location).toBe(`${asked.collectionUrl}/${encodeURIComponent(given(body).id)}`);
      return;
    case 'update': {
      const at = textIn(body, 'lastUpdatedDateTime');
      checkCustomer(asked, body, model.update(id, action.body.values, at));
      return;
    }
    case 'get':
      checkCustomer(asked, body, model.get(id));
      return;
    case 'delete':
      model.remove(id);
      expect({ text, body }).toEqual({ text: '', body: {} });
      return;
    case 'count':
      if (step.place === 'own') expect(text).toBe(String(model.matching(action.query).length));
      else checkSharedCount(asked, action.query, /^\d+$/.test(text) ? Number(text) : text);
      return;
    case 'list':
      if (step.place === 'own') checkList(asked, action.query, reply);
      else checkSharedList(asked, action.query, reply);
  }
}

function checkCustomer(
  { context }: Asked,
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
