import { describe, expect, it } from '@jest/globals';
import type { Caller } from '@bookings/domain';
import { RememberedTokens } from './remembered-tokens.ts';

const NOW_MS = 1_000_000;
const HALF = 5000;

const CALLER: Caller = {
  kind: 'application',
  appId: 'app',
  tenantId: 'tenant',
  permissions: [],
  personal: false,
};

function filled(count: number): RememberedTokens {
  const tokens = new RememberedTokens();
  add(tokens, 0, count);
  return tokens;
}

function add(tokens: RememberedTokens, from: number, to: number): void {
  for (let index = from; index < to; index += 1) {
    tokens.add(`token ${index}`, CALLER, NOW_MS + 1, tokens.generation);
  }
}

describe('RememberedTokens', () => {
  it('knows the callers of tokens that were added, and of no others', () => {
    const tokens = filled(1);
    expect(tokens.get('token 0', NOW_MS)).toBe(CALLER);
    expect(tokens.get('token 1', NOW_MS)).toBeUndefined();
    expect(tokens.get('token', NOW_MS)).toBeUndefined();
  });

  it('knows none that has expired', () => {
    expect(filled(1).get('token 0', NOW_MS + 1)).toBeUndefined();
  });

  it('forgets all, and what was being verified meanwhile', () => {
    const tokens = filled(HALF + 1);
    const { generation } = tokens;
    tokens.clear();
    tokens.add('late', CALLER, NOW_MS + 1, generation);
    expect(['token 0', `token ${HALF}`, 'late'].map((token) => tokens.get(token, NOW_MS))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('keeps the last 5,000 in any case, and never more than 10,000', () => {
    const tokens = filled(3 * HALF);
    const isKnown = (index: number) => tokens.get(`token ${index}`, NOW_MS) === CALLER;
    const last = Array.from({ length: HALF }, (_none, index) => 2 * HALF + index);
    expect(last.every(isKnown)).toBe(true);
    expect([HALF - 1, 0].some(isKnown)).toBe(false);
  });

  it('keeps one that is used, whatever comes and goes', () => {
    const tokens = filled(1);
    for (let turn = 1; turn <= 10; turn += 1) {
      add(tokens, turn * HALF, (turn + 1) * HALF - 1);
      expect(tokens.get('token 0', NOW_MS)).toBe(CALLER);
    }
  });
});
