import { describe, expect, it } from '@jest/globals';
import { RecentMap } from './recent-map.ts';

const HALF = 50;

function add(map: RecentMap<number>, from: number, to: number): void {
  for (let index = from; index < to; index += 1) map.set(`key ${index}`, index);
}

function filled(count: number): RecentMap<number> {
  const map = new RecentMap<number>(2 * HALF);
  add(map, 0, count);
  return map;
}

describe('RecentMap', () => {
  it('has what was set, and nothing else', () => {
    const map = filled(1);
    expect(map.get('key 0')).toBe(0);
    expect(map.get('key')).toBeUndefined();
  });

  it('has the last half in any case, and never more than it may', () => {
    const map = filled(3 * HALF);
    const last = Array.from({ length: HALF }, (_none, index) => 2 * HALF + index);
    expect(last.map((index) => map.get(`key ${index}`))).toEqual(last);
    expect([HALF - 1, 0].map((index) => map.get(`key ${index}`))).toEqual([undefined, undefined]);
  });

  it('keeps what is used, whatever comes and goes', () => {
    const map = filled(1);
    for (let turn = 1; turn <= 10; turn += 1) {
      add(map, turn * HALF, (turn + 1) * HALF - 1);
      map.use('key 0');
      expect(map.get('key 0')).toBe(0);
    }
  });

  it('does not keep what is looked at', () => {
    const map = filled(HALF);
    add(map, HALF, 2 * HALF);
    expect(map.get('key 0')).toBe(0);
    add(map, 2 * HALF, 2 * HALF + 1);
    expect(map.get('key 0')).toBeUndefined();
  });

  it('makes nothing of the use of what it does not have', () => {
    const map = filled(1);
    map.use('key');
    expect(map.get('key')).toBeUndefined();
  });

  it('has nothing when it was cleared', () => {
    const map = filled(HALF + 1);
    map.clear();
    expect(['key 0', `key ${HALF}`].map((key) => map.get(key))).toEqual([undefined, undefined]);
  });
});
