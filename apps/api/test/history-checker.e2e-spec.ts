import { describe, expect, it } from '@jest/globals';
import { type Rule, checkHistory } from './history/check-history.ts';
import type { Attempt, AttemptResult, History, StoredCustomer } from './history/history.ts';
import type { Intent } from './history/intents.ts';

const BUSINESS = 'contoso@contoso.com';
const ADELE = 'adele@proseware.com';
const created = (id: string): AttemptResult => ({ kind: 'created', id });
const refused: AttemptResult = { kind: 'refused', status: 400 };
const retry: AttemptResult = { kind: 'retry', reason: 'no response' };
const customer = (id: string, fingerprint = ADELE, business = BUSINESS): StoredCustomer => ({
  id,
  fingerprint,
  business,
});
const two = [customer('1'), customer('2')];

/** A history of identical intents. Each list holds the results of one intent, in order. */
function historyOf(
  results: readonly (readonly AttemptResult[])[],
  stored: readonly StoredCustomer[],
): History {
  const intents = results.map((_none, index): Intent => {
    const body = { '@odata.type': 'x', displayName: 'Adele', emailAddress: ADELE };
    const key = { caller: 0, idempotencyKey: `key-${index}` };
    return { index, ...key, business: BUSINESS, fingerprint: ADELE, customer: body };
  });
  const attempts = results.map((each) =>
    each.map((result, place): Attempt => ({
      startedAt: 2 * place,
      endedAt: 2 * place + 1,
      result,
    })),
  );
  return { intents, attempts, stored };
}

const VALID: readonly (readonly [string, History])[] = [
  ['no creates', historyOf([], [])],
  ['a create after a lost response', historyOf([[retry, created('1')]], [customer('1')])],
  ['two responses with the same id', historyOf([[created('1'), created('1')]], [customer('1')])],
  ['identical creates with a customer each', historyOf([[created('1')], [created('2')]], two)],
  ['a refusal without a customer', historyOf([[retry, refused]], [])],
  [
    'a refused create and an identical one that succeeded',
    historyOf([[refused], [created('1')]], [customer('1')]),
  ],
  ['a create after a refusal', historyOf([[refused, created('1')]], [customer('1')])],
  [
    'an attempt without a response after the create',
    historyOf([[created('1'), retry]], [customer('1')]),
  ],
];

const INVALID: readonly (readonly [string, readonly Rule[], History])[] = [
  ['two customers for one key', ['duplicate'], historyOf([[created('1')]], two)],
  [
    'three customers for two identical creates',
    ['duplicate'],
    historyOf([[created('1')], [created('2')]], [...two, customer('3')]),
  ],
  [
    'a customer of a refused create',
    ['stored-although-refused'],
    historyOf([[refused]], [customer('1')]),
  ],
  [
    'a customer of a refused create that is identical to another',
    ['stored-although-refused'],
    historyOf([[created('1')], [refused]], two),
  ],
  ['a 201 whose customer does not exist', ['missing'], historyOf([[created('1')]], [])],
  [
    'a 201 that names the customer of another create',
    ['missing', 'duplicate'],
    historyOf([[created('3')], [created('1')]], [...two, customer('4'), customer('3', 'b@c.de')]),
  ],
  [
    'a 201 that names a customer of another business',
    ['missing'],
    historyOf([[created('1')]], [customer('1', ADELE, 'other@contoso.com')]),
  ],
  [
    'responses with different ids for one key',
    ['two-ids-for-one-key'],
    historyOf([[created('1'), created('2')]], two),
  ],
  [
    'keys that share an id',
    ['one-id-for-two-keys'],
    historyOf([[created('1')], [created('1')]], [customer('1')]),
  ],
  ['a key whose outcome is unknown', ['unknown'], historyOf([[refused, retry]], [])],
  ['a key that was never sent', ['unknown'], historyOf([[]], [])],
  [
    'a refusal after the create succeeded',
    ['refused-after-created'],
    historyOf([[created('1'), refused]], [customer('1')]),
  ],
  [
    'an unexpected response',
    ['unexpected-response'],
    historyOf([[{ kind: 'unexpected', reason: '500' }, created('1')]], [customer('1')]),
  ],
  ['a customer without a create', ['unrequested'], historyOf([], [customer('1')])],
];

describe('the history checker', () => {
  it.each(VALID)('accepts %s', (_title, history) => {
    const { violations, figures } = checkHistory(history);
    expect(violations).toEqual([]);
    expect(figures).toMatchObject({ duplicates: 0, storedAlthoughRefused: 0, lost: 0, unknown: 0 });
  });

  it.each(INVALID)('reports %s', (_title, rules, history) => {
    const found = checkHistory(history).violations.map(({ rule }) => rule);
    expect(found).toEqual(expect.arrayContaining([...rules]));
  });

  it('counts creates, attempts, customers and violations', () => {
    const results = [[created('1')], [created('1')], [refused], [retry], [created('9')]];
    const stored = ['1', '2', '3', '4', '5', '6', '7'].map((id) => customer(id));
    expect(checkHistory(historyOf(results, stored)).figures).toEqual({
      creates: 5,
      attempts: 5,
      created: 3,
      refused: 1,
      stored: 7,
      duplicates: 2,
      storedAlthoughRefused: 1,
      lost: 2,
      unknown: 1,
    });
  });
});
