import { describe, expect, it } from '@jest/globals';
import { codeInCauses } from './error-fields.ts';

const coded = (code: unknown, cause?: unknown) =>
  Object.assign(new Error('x', { cause }), { code });

describe('codeInCauses', () => {
  it.each([
    ['the error', coded('EIO', coded('ENOENT')), 'EIO'],
    ['a cause', new Error('x', { cause: new Error('y', { cause: coded('57P01') }) }), '57P01'],
    ['a cause below a code that is no text', coded(5, coded('ENOENT')), 'ENOENT'],
    ['nothing', new Error('x', { cause: 'ENOENT' }), undefined],
  ])('finds the first code in %s', (_title, error, code) => {
    expect(codeInCauses(error)).toBe(code);
  });

  it('ends for an error that is its own cause', () => {
    const error = new Error('x');
    error.cause = error;
    expect(codeInCauses(error)).toBeUndefined();
  });
});
