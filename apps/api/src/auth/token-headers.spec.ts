import { describe, expect, it } from '@jest/globals';
import { partsOf } from './signed-claims.ts';
import { TokenHeaders } from './token-headers.ts';
import { MEGABYTE, usedMegabytes } from './used-memory.fixture.ts';

const MOST = 100;

function encoded(header: string | object): string {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  return Buffer.from(text).toString('base64url');
}

function numbered(index: number): string {
  return encoded({ alg: 'RS256', kid: `in ${index}` });
}

describe('TokenHeaders', () => {
  it('says which key a token is signed with', () => {
    const headers = new TokenHeaders();
    expect(headers.keyIdIn(encoded({ alg: 'RS256', kid: 'a' }))).toBe('a');
    expect(headers.keyIdIn(encoded({ alg: 'RS256' }))).toBeUndefined();
    expect(headers.keyIdIn(encoded({ alg: 'RS256', kid: 1 }))).toBeUndefined();
  });

  it('reads a header that was accepted no more, and only that one', () => {
    const headers = new TokenHeaders();
    headers.accept(numbered(0), 'accepted 0');
    expect(headers.keyIdIn(numbered(0))).toBe('accepted 0');
    expect(headers.keyIdIn(numbered(1))).toBe('in 1');
    expect(new TokenHeaders().keyIdIn(numbered(0))).toBe('in 0');
  });

  it('neither accepts nor keeps one that says something twice', () => {
    const headers = new TokenHeaders();
    const twice = encoded('{"alg":"RS256","kid":"a","kid":"b"}');
    for (const attempt of [1, 2]) {
      expect(headers.keyIdIn(twice)).toBe('b');
      expect(() => {
        headers.accept(twice, `attempt ${attempt}`);
      }).toThrow('says something twice');
    }
  });

  it('keeps a hundred and then begins anew', () => {
    const headers = new TokenHeaders();
    for (let index = 0; index < MOST; index += 1) {
      headers.accept(numbered(index), `accepted ${index}`);
    }
    headers.accept(numbered(0), 'accepted 0');
    expect(headers.keyIdIn(numbered(0))).toBe('accepted 0');
    headers.accept(numbered(MOST), 'one more');
    expect(headers.keyIdIn(numbered(MOST))).toBe('one more');
    expect(headers.keyIdIn(numbered(0))).toBe('in 0');
  });

  it('keeps nothing of the tokens that it cut them from', () => {
    const headers = new TokenHeaders();
    const before = usedMegabytes();
    for (let index = 0; index < MOST; index += 1) {
      const { encodedHeader } = partsOf(`${numbered(index)}.${'a'.repeat(MEGABYTE)}.a`);
      headers.accept(encodedHeader, `accepted ${index}`);
    }
    expect(usedMegabytes() - before).toBeLessThan(MOST / 2);
    expect(headers.keyIdIn(numbered(0))).toBe('accepted 0');
  });
});
