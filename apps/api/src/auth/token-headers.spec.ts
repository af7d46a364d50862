import { describe, expect, it } from '@jest/globals';
import { TokenHeaders } from './token-headers.ts';

const MOST = 100;

function encoded(header: object): string {
  return Buffer.from(JSON.stringify(header)).toString('base64url');
}

describe('TokenHeaders', () => {
  it('says which key a token is signed with', () => {
    const headers = new TokenHeaders();
    expect(headers.keyIdIn(encoded({ alg: 'RS256', kid: 'a' }))).toBe('a');
    expect(headers.keyIdIn(encoded({ alg: 'RS256' }))).toBeUndefined();
    expect(headers.keyIdIn(encoded({ alg: 'RS256', kid: 1 }))).toBeUndefined();
  });

  it.each([
    [{ kid: 'a' }, 'signed with RS256'],
    [{ alg: 'none', kid: 'a' }, 'signed with RS256'],
    [{ alg: 'RS256', kid: 'a', jku: 'https://keys.example' }, 'header jku'],
  ])('refuses %j', (header, message) => {
    expect(() => new TokenHeaders().keyIdIn(encoded(header))).toThrow(message);
  });

  it('reads a header that was kept no more, and only that one', () => {
    const headers = new TokenHeaders();
    headers.keep('one', 'a');
    expect(headers.keyIdIn('one')).toBe('a');
    expect(() => headers.keyIdIn('two')).toThrow('Invalid Token');
    expect(() => new TokenHeaders().keyIdIn('one')).toThrow('Invalid Token');
  });

  it('keeps a hundred and then begins anew', () => {
    const headers = new TokenHeaders();
    for (let index = 0; index < MOST; index += 1) headers.keep(`header ${index}`, `key ${index}`);
    headers.keep('header 0', 'key 0');
    expect(headers.keyIdIn('header 0')).toBe('key 0');
    headers.keep('one more', 'its key');
    expect(headers.keyIdIn('one more')).toBe('its key');
    expect(() => headers.keyIdIn('header 0')).toThrow('Invalid Token');
  });
});
