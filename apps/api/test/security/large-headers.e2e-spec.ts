import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Stack, customersPath } from '../stack.ts';
import { headLines, send, statuses } from './raw-caller.ts';

/** What a header, or the path, may be filled with beside the token. */
const BYTES = 14_000;
const REQUESTS = 10;
/** Of CPU time for all of them. One quadratic expression took 1,500. */
const MOST_CPU_MS = 1000;

const BODY = '{"displayName":"x"}';

const NAMES = [
  'Accept',
  'Content-Encoding',
  'Content-Type',
  'Forwarded',
  'Idempotency-Key',
  'If-Match',
  'Prefer',
  'Retry-Attempt',
  'Transfer-Encoding',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'client-request-id',
  'traceparent',
  'tracestate',
];
const FILLERS = ['\\"', '"', '"a"', '\\', ',', ', ', ';', ';a=', ' ', '/', '=', 'a', '1', '%27'];
const STARTS = new Map([['Content-Type', 'application/json;charset=']]);

let stack: Stack;
let head: string[];
beforeAll(async () => {
  stack = await Stack.start();
  head = await headLines(stack, customersPath(), 'Connection: close');
});
afterAll(async () => {
  await stack.stop();
});

async function cpuMs(lines: readonly string[]): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < REQUESTS; count += 1) {
    const answer = await send(stack.url, ...lines);
    // One that is read to its end, and not refused because it is too large.
    const [status] = statuses(answer);
    expect([200, 201, 400, 401, 404, 415]).toContain(status);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('a request that is as large as it may be', () => {
  it.each(NAMES.flatMap((name) => FILLERS.map((filler) => [name, filler] as const)))(
    'costs no more than it is long: %s, %j',
    async (name, filler) => {
      const value = `${STARTS.get(name) ?? ''}${filler.repeat(BYTES / filler.length)}x`;
      const others = head.filter((line) => !line.startsWith(`${name}:`));
      const lines = [...others, `${name}: ${value}`, `Content-Length: ${BODY.length}`, '', BODY];
      expect(await cpuMs(lines)).toBeLessThan(MOST_CPU_MS);
    },
  );

  it.each(
    ['', '?', '?$filter=', '?$expand=', '/', "('"].flatMap((start) =>
      ['/', '&', "'", '%27', '%25', '%2525', '$it', '$it+', 'a=', '(', '.', '&$top=1'].map(
        (filler) => [start, filler] as const,
      ),
    ),
  )('costs no more than it is long: the path, %j %j', async (start, filler) => {
    // An id grows on its way up, where each sign becomes three.
    const bytes = start === '/' ? BYTES / 4 : BYTES;
    const target = `${customersPath()}${start}${filler.repeat(bytes / filler.length)}`;
    const [, ...others] = head;
    const lines = [`GET ${target} HTTP/1.1`, ...others, '', ''];
    expect(await cpuMs(lines)).toBeLessThan(MOST_CPU_MS);
  });
});
