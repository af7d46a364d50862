import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { TokenDigests } from './token-digests.ts';

function sha256(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

describe('TokenDigests', () => {
  it('are SHA-256', () => {
    expect(new TokenDigests().of('a token', {})).toBe(sha256('a token'));
  });

  it('takes the kept one for the token and the connection that it was kept for, and for no other', () => {
    const digests = new TokenDigests();
    const connection = {};
    digests.keep('kept', 'a token', connection);
    expect(digests.of('a token', connection)).toBe('kept');
    expect(digests.of('a tokem', connection)).toBe(sha256('a tokem'));
    expect(digests.of('a token', {})).toBe(sha256('a token'));
    expect(digests.of('a token', connection)).toBe('kept');
  });

  it('keeps the last token of a connection', () => {
    const digests = new TokenDigests();
    const connection = {};
    digests.keep('kept', 'a token', connection);
    digests.keep('kept too', 'another token', connection);
    expect(digests.of('another token', connection)).toBe('kept too');
    expect(digests.of('a token', connection)).toBe(sha256('a token'));
  });
});
