import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAnswer, written } from './stored-response.ts';

const answers = fc.record({
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

describe('a remembered answer', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        const read = readAnswer(written(answer));
        expect(read).toEqual({ ...answer, headers: { ...answer.headers } });
      }),
    );
  });

  it('is refused when it is none', () => {
    const none = Buffer.concat([Buffer.from([0, 0, 0, 2]), Buffer.from('{}')]);
    expect(() => readAnswer(none)).toThrow('no answer to a create');
  });
});
