import { describe, expect, it } from '@jest/globals';
import { pactFile, type RelayedAnswer, verify } from '@bookings/contracts';
import { isObject } from '@bookings/domain';
import { jsonObject, objectIn } from '../test/stack.ts';
import { PROVIDER_STATES } from './provider-states.ts';
import { Scene } from './scene.ts';

type Spoil = (answer: RelayedAnswer) => void;

const DOCUMENTED = 'a request to create the customer of the page "Create bookingCustomer"';
const INVALID = 'a request to create a customer that breaks three rules';
const NO_TOKEN = 'a request to create a customer with an expired token';
const NO_PERMISSION = 'a request to create a customer without the permission';
const UNKNOWN_BUSINESS = 'a request to create a customer of an unknown booking business';
const QUEUE_FULL = 'a request to create a customer when the queue of the business is full';
const TIMED_OUT = 'a request to create a customer that Graph does not answer in time';

const status =
  (other: number): Spoil =>
  (answer) => {
    answer.status = other;
  };
const body =
  (text: string): Spoil =>
  (answer) => {
    answer.body = Buffer.from(text);
  };
const json =
  (change: (value: Record<string, unknown>) => void): Spoil =>
  (answer) => {
    const value = jsonObject(answer.body.toString());
    change(value);
    answer.body = Buffer.from(JSON.stringify(value));
  };
const without = (name: string) =>
  json((value) => {
    Reflect.deleteProperty(value, name);
  });
const withValue = (changed: Record<string, unknown>) =>
  json((value) => Object.assign(value, changed));
const inError = (changed: Record<string, unknown>) =>
  json((value) => Object.assign(objectIn(value, 'error'), changed));
const header =
  (name: string, value?: string): Spoil =>
  (answer) => {
    answer.headers.delete(name);
    if (value !== undefined) answer.headers.set(name, value);
  };
const eachAddress = (change: (address: Record<string, unknown>) => void) =>
  json(({ addresses }) => {
    if (Array.isArray(addresses)) addresses.filter(isObject).forEach(change);
  });
const fewer = (list: string) => (value: Record<string, unknown>) => {
  const items = value[list];
  if (Array.isArray(items)) items.pop();
};

const BROKEN: readonly (readonly [title: string, interaction: string, Spoil])[] = [
  ['200 for 201', DOCUMENTED, status(200)],
  ['no id', DOCUMENTED, without('id')],
  ['an empty id', DOCUMENTED, withValue({ id: '' })],
  ['a number as id', DOCUMENTED, withValue({ id: 7 })],
  ['one address less', DOCUMENTED, json(fewer('addresses'))],
  ['no phones', DOCUMENTED, without('phones')],
  ['addresses without type', DOCUMENTED, eachAddress((address) => delete address['type'])],
  ['the e-mail address as the name', DOCUMENTED, withValue({ displayName: 'jonis@relecloud.com' })],
  ['another media type', DOCUMENTED, header('Content-Type', 'text/plain')],
  ['no media type', DOCUMENTED, header('Content-Type')],
  ['an empty body', DOCUMENTED, body('')],
  ['half a body', DOCUMENTED, body('{"id":"36038f36-634e')],
  ['no details', INVALID, inError({ details: undefined })],
  [
    'one violation less',
    INVALID,
    json((value) => {
      fewer('details')(objectIn(value, 'error'));
    }),
  ],
  ['the violations as text', INVALID, inError({ details: 'displayName, emailAddress' })],
  ['422 for 400', INVALID, status(422)],
  ['403 for 401', NO_TOKEN, status(403)],
  ['no request-id', NO_TOKEN, inError({ innerError: {} })],
  ['another error code', NO_PERMISSION, inError({ code: 'Forbidden' })],
  ['no message', NO_PERMISSION, inError({ message: undefined })],
  ['another error code of Graph', UNKNOWN_BUSINESS, inError({ code: 'ResourceNotFound' })],
  [
    'an error without its envelope',
    UNKNOWN_BUSINESS,
    json((value) => Object.assign(value, value['error'], { error: undefined })),
  ],
  ['no Retry-After', QUEUE_FULL, header('Retry-After')],
  ['a Retry-After that nobody can read', QUEUE_FULL, header('Retry-After', 'soon')],
  [
    'an outcome that was not so',
    TIMED_OUT,
    json((value) => (objectIn(objectIn(value, 'error'), 'innerError')['outcome'] = 'not-sent')),
  ],
  ['no outcome', TIMED_OUT, inError({ innerError: { 'request-id': 'x' } })],
];

describe('a bookings-api that answers', () => {
  it.each(BROKEN)('%s breaks its contract with bookings-client', async (_title, only, spoil) => {
    const scene = new Scene();
    const verified = verify({
      provider: 'bookings-api',
      pacts: { file: pactFile('bookings-client', 'bookings-api'), only },
      states: scene.handlers(PROVIDER_STATES),
      onRequest: (request) => scene.play(request),
      onAnswer: spoil,
      afterEach: () => scene.clear(),
    });
    await expect(verified).rejects.toThrow(/There were 1 pact failures/);
  });
});
