import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deserializeResponse, serializeResponse } from './response-codec.ts';

const responses = fc.record({
  status: fc.constant(201),
  body: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  contentType: fc.string(),
  headers: fc.dictionary(
    fc.string().filter((name) => name !== '__proto__'),
    fc.string(),
  ),
  requestId: fc.constant(undefined),
  date: fc.constant(undefined),
  id: fc.string({ unit: 'binary', minLength: 1 }),
  warning: fc.option(fc.string(), { nil: undefined }),
});

describe('a stored response', () => {
  it('survives serialization', () => {
    fc.assert(
      fc.property(responses, (response) => {
        const restored = deserializeResponse(serializeResponse(response));
        expect(restored).toEqual({ ...response, headers: { ...response.headers } });
      }),
    );
  });

  it('is rejected without an id', () => {
    const none = Buffer.concat([Buffer.from([0, 0, 0, 2]), Buffer.from('{}')]);
    expect(() => deserializeResponse(none)).toThrow('not the response to a create');
  });
});
