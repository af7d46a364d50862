import fc from 'fast-check';
import { EMAILS, NAMES, changes, newBody } from './bodies.ts';
import type { Action, Operation, Place, Query, InvalidQuery, Step, Target } from './operations.ts';

type Choice<T> = readonly [weight: number, arbitrary: fc.Arbitrary<T>];
const weighted = <T>(...choices: readonly Choice<T>[]): fc.Arbitrary<T> =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
const always = <const T>(value: T) => fc.constant(value);

const INVALID: readonly InvalidQuery[] = [
  { text: '$apply=x', code: 'BadRequest', refusedBy: 'proxy' },
  { text: 'top=1', code: 'BadRequest', refusedBy: 'proxy' },
  { text: '$top=1&%24top=2', code: 'BadRequest', refusedBy: 'proxy' },
  { text: '$top=0', code: 'ErrorInvalidRequest', refusedBy: 'Graph' },
  { text: '$select=displayName', code: 'ErrorInvalidRequest', refusedBy: 'Graph' },
  { text: "$filter=displayName%20eq%20'Ann'", code: 'BadRequest', refusedBy: 'Graph' },
];
const invalid: fc.Arbitrary<Query> = fc.record({ invalid: fc.constantFrom(...INVALID) });

const byName = fc.record({ member: always('displayName'), value: fc.constantFrom(...NAMES) });
const byEmail = fc.record({ member: always('emailAddress'), value: fc.constantFrom(...EMAILS) });
const MEMBERS = ['id', 'displayName', 'emailAddress', 'addresses', 'phones', 'createdDateTime'];
const anyQuery = { skip: fc.nat({ max: 6 }), counted: fc.boolean() };
const ownQuery: fc.Arbitrary<Query> = fc.record(
  {
    ...anyQuery,
    top: fc.integer({ min: 1, max: 9 }),
    select: fc.subarray(MEMBERS, { minLength: 1 }),
    filter: fc.oneof(byName, byEmail),
  },
  { requiredKeys: [] },
);
/** Large pages, because 16 callers share the business. The `id` identifies the own customers. */
const sharedQuery: fc.Arbitrary<Query> = fc.record(
  {
    ...anyQuery,
    top: fc.integer({ min: 20, max: 200 }),
    select: always(['id', 'displayName']),
    filter: byName,
  },
  { requiredKeys: ['top'] },
);

const customer: fc.Arbitrary<Target> = fc.record({
  which: weighted<Target['which']>(
    [8, always('kept')],
    [1, always('gone')],
    [1, always('unknown')],
  ),
  at: fc.nat({ max: 9999 }),
});

const reads = (query: fc.Arbitrary<Query>): fc.Arbitrary<Action> =>
  weighted<Action>(
    [10, fc.record({ kind: always('get'), customer })],
    [4, fc.record({ kind: always('list'), query })],
    [4, fc.record({ kind: always('count'), query: query.map(filterAlone) })],
    [1, fc.record({ kind: fc.constantFrom('list', 'count'), query: invalid })],
  );
const filterAlone = ({ filter }: Query): Query => (filter === undefined ? {} : { filter });

const writes: fc.Arbitrary<Action> = weighted<Action>(
  [8, fc.record({ kind: always('create'), body: newBody })],
  [8, fc.record({ kind: always('update'), body: changes, customer })],
  [7, fc.record({ kind: always('delete'), customer })],
);

const at = (place: Place, action: fc.Arbitrary<Action>): fc.Arbitrary<Step> =>
  fc.record({
    place: always(place),
    capitals: weighted([4, always(false)], [1, always(true)]),
    action,
  });
const reading = weighted(
  [10, at('own', reads(ownQuery))],
  [10, at('shared', reads(sharedQuery))],
  [1, at('nowhere', reads(ownQuery))],
);
const writing = weighted(
  [10, at('own', writes)],
  [10, at('shared', writes)],
  [1, at('nowhere', writes)],
);
const step = fc.oneof(reading, writing);

const token = weighted<Operation['token']>(
  [20, always('writingApplication')],
  [20, always('writingUser')],
  [4, always('managingUser')],
  [2, always('managingApplication')],
  [3, always('readingApplication')],
  [3, always('readingUser')],
  [1, always('otherApplication')],
  [1, always('otherUser')],
  [1, always('none')],
);

const few = { minLength: 1, maxLength: 6 };
/** The responses to a chain are predictable. Concurrent parts are predictable if they only read. */
const batch = fc.oneof(
  fc.record({ chained: always(true), steps: fc.array(step, few) }),
  fc.record({ chained: always(false), steps: fc.array(reading, few) }),
);

export const operation: fc.Arbitrary<Operation> = weighted<Operation>(
  [19, fc.record({ kind: always('alone'), token, step })],
  [1, fc.tuple(token, batch).map(([held, parts]) => ({ kind: 'batch', token: held, ...parts }))],
);
