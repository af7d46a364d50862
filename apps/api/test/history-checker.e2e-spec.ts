import { describe, expect, it } from '@jest/globals';
import { type Rule, checkHistory } from './history/check-history.ts';
import type { Answer, History, Question, Stored } from './history/history.ts';
import type { Intent } from './history/intents.ts';

const BUSINESS = 'contoso@contoso.com';
const ADELE = 'adele@proseware.com';
const created = (id: string): Answer => ({ kind: 'created', id });
const refused: Answer = { kind: 'refused', status: 400 };
const again: Answer = { kind: 'again', why: 'no answer' };
const customer = (id: string, content = ADELE, business = BUSINESS): Stored => {
  return { id, content, business };
};

/** Twins, one for each list of answers, which came one after the other. */
function forged(answers: readonly (readonly Answer[])[], stored: readonly Stored[]): History {
  const intents = answers.map((_none, index): Intent => {
    const what = { '@odata.type': 'x', displayName: 'Adele', emailAddress: ADELE };
    const who = { caller: 0, idempotencyKey: `key-${index}` };
    return { index, ...who, business: BUSINESS, content: ADELE, customer: what };
  });
  const questions = answers.map((each) =>
    each.map((answer, place): Question => {
      return { begunAt: 2 * place, endedAt: 2 * place + 1, answer };
    }),
  );
  return { intents, questions, stored };
}

const CLEAN: readonly (readonly [string, History])[] = [
  ['nothing at all', forged([], [])],
  ['a create after a lost answer', forged([[again, created('1')]], [customer('1')])],
  ['answers that name one id', forged([[created('1'), created('1')]], [customer('1')])],
  ['duplicates with a customer each', forged([[created('1')], [created('2')]], TWO())],
  ['a refusal that left nothing', forged([[again, refused]], [])],
  [
    'a refusal, and a duplicate that was created',
    forged([[refused], [created('1')]], [customer('1')]),
  ],
  ['a create after a refusal', forged([[refused, created('1')]], [customer('1')])],
  [
    'a question after the create without an answer',
    forged([[created('1'), again]], [customer('1')]),
  ],
];

const BROKEN: readonly (readonly [string, readonly Rule[], History])[] = [
  ['two customers of one key', ['duplicate'], forged([[created('1')]], TWO())],
  [
    'three customers of duplicates',
    ['duplicate'],
    forged([[created('1')], [created('2')]], [...TWO(), customer('3')]),
  ],
  ['a refusal that left a customer', ['left-by-a-refusal'], forged([[refused]], [customer('1')])],
  [
    'a refusal of a duplicate that left a customer',
    ['left-by-a-refusal'],
    forged([[created('1')], [refused]], TWO()),
  ],
  ['a 201 whose customer is not there', ['not-there'], forged([[created('1')]], [])],
  [
    'a 201 that names the customer of somebody else',
    ['not-there', 'duplicate'],
    forged([[created('3')], [created('1')]], [...TWO(), customer('4'), customer('3', 'b@c.de')]),
  ],
  [
    'a 201 that names a customer of another business',
    ['not-there'],
    forged([[created('1')]], [customer('1', ADELE, 'other@contoso.com')]),
  ],
  [
    'answers that name two ids',
    ['two-ids-of-a-key'],
    forged([[created('1'), created('2')]], TWO()),
  ],
  [
    'keys that share an id',
    ['id-of-two-keys'],
    forged([[created('1')], [created('1')]], [customer('1')]),
  ],
  ['a key that nobody knows', ['unknown'], forged([[refused, again]], [])],
  ['a key that was never asked', ['unknown'], forged([[]], [])],
  [
    'a refusal of what is there',
    ['refused-after-created'],
    forged([[created('1'), refused]], [customer('1')]),
  ],
  [
    'an answer that nobody should get',
    ['unexpected-answer'],
    forged([[{ kind: 'unexpected', why: '500' }, created('1')]], [customer('1')]),
  ],
  ['a customer that nobody has asked for', ['stray'], forged([], [customer('1')])],
];

function TWO(): readonly Stored[] {
  return [customer('1'), customer('2')];
}

describe('the checker of histories', () => {
  it.each(CLEAN)('finds nothing wrong with %s', (_title, history) => {
    const { violations, figures } = checkHistory(history);
    expect(violations).toEqual([]);
    expect(figures).toMatchObject({ duplicates: 0, leftByRefusals: 0, lost: 0, unknown: 0 });
  });

  it.each(BROKEN)('finds %s', (_title, rules, history) => {
    const found = checkHistory(history).violations.map(({ rule }) => rule);
    expect(found).toEqual(expect.arrayContaining([...rules]));
  });

  it('counts', () => {
    const answers = [[created('1')], [created('1')], [refused], [again], [created('9')]];
    const stored = ['1', '2', '3', '4', '5', '6', '7'].map((id) => customer(id));
    expect(checkHistory(forged(answers, stored)).figures).toEqual({
      creates: 5,
      questions: 5,
      created: 3,
      refused: 1,
      stored: 7,
      duplicates: 2,
      leftByRefusals: 1,
      lost: 2,
      unknown: 1,
    });
  });
});
