import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CREATE_PERMISSION } from '../documented.ts';
import { NO_LINGER } from '../faults.ts';
import { jsonObject } from '../json.ts';
import { type ProxyProcess, useProxyProcess } from '../proxy-process.ts';
import { MARK, withoutNames } from './canaries.ts';
import { broken, noise } from './fuzz-bytes.ts';
import { faults } from './fuzz-faults.ts';
import { KEPT, type Sent, requests } from './fuzz-requests.ts';
import { faultIn, parseResponse } from './http-response.ts';
import { open } from './raw-client.ts';

/** A failure can be reproduced with its seed. */
const DURATION_MS = Number(process.env['FUZZ_MS'] ?? 30_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_211_123);
/** Longer than any response takes with the deadline below, even on a busy machine. */
const HANG_MS = 15_000;
/** How long the client waits when the bytes may not be a complete request. */
const MALFORMED_WAIT_MS = 100;
const KEPT_CUSTOMER = { displayName: MARK };
const MEBIBYTE = 1_048_576;

const launcher = useProxyProcess({ businesses: ['*'], pageSize: 3 });
let proxy: ProxyProcess;
let good: string[];
let bad: string[];
beforeAll(async () => {
  const { fake } = launcher;
  proxy = await launcher.start({
    ...NO_LINGER,
    GRAPH_ATTEMPT_TIMEOUT_MS: '500',
    GRAPH_DEADLINE_MS: '1500',
    LOG_LEVEL: 'trace',
  });
  const roles = [CREATE_PERMISSION];
  good = await Promise.all([
    fake.issueToken({ roles }),
    fake.issueToken({ scopes: roles, claims: { name: MARK } }),
    fake.issueToken({ scopes: ['Bookings.Read.All'] }),
  ]);
  bad = await Promise.all([
    fake.issueToken({ roles, lifetimeSeconds: -60 }),
    fake.issueToken({ roles, header: { alg: 'none' } }),
    fake.issueToken({ roles, header: { kid: '../x' } }),
    fake.issueToken({ roles, claims: { tid: 7, aud: [], iss: {} } }),
  ]);
});

/** Sends `bytes`. Returns what is wrong with the response, or undefined. */
async function faultOf({ method, bytes, whole }: Sent): Promise<string | undefined> {
  const socket = await open(proxy.url, Buffer.from(bytes, 'latin1'));
  let read = '';
  const timeout = setTimeout(() => socket.destroy(), whole ? HANG_MS : MALFORMED_WAIT_MS);
  try {
    for await (const chunk of socket) {
      read += Buffer.from(chunk as Buffer).toString('latin1');
      const response = parseResponse(read, method);
      if (response) return faultIn(response, method);
    }
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    // The connection was reset or timed out.
  } finally {
    clearTimeout(timeout);
    socket.destroy();
  }
  return whole ? `no response but ${JSON.stringify(read)}` : undefined;
}

const create = async () => (await proxy.create()).status;

/** Sends creates until the metric is at most `limit`. Memory is freed only under load. */
async function metricBelow(name: string, limit: number): Promise<number> {
  const until = Date.now() + HANG_MS;
  let value = await proxy.metricSum(name);
  while (value > limit && Date.now() < until) {
    await create();
    value = await proxy.metricSum(name);
  }
  return value;
}

/** Whether a log line is JSON and reports no internal error. */
function isExpected(line: Record<string, unknown>): boolean {
  return line['log.level'] !== undefined && line['error.code'] !== 'InternalServerError';
}

describe('random requests, while Graph misbehaves', () => {
  it(
    'get only allowed responses and leak neither memory nor connections',
    async () => {
      const { fake } = launcher;
      for (let warmed = 0; warmed < 300; warmed += 1) await create();
      const memoryBefore = await proxy.metric('process_resident_memory_bytes');
      const handlesBefore = await proxy.metricSum('nodejs_active_handles');
      const whole = requests(good, bad);
      const request = fc.oneof(
        { weight: 6, arbitrary: whole },
        { weight: 3, arbitrary: broken(whole) },
        { weight: 1, arbitrary: noise },
      );
      let running: Promise<(string | undefined)[]> = Promise.resolve([]);
      let count = 0;
      await fc.assert(
        fc.asyncProperty(
          faults,
          fc.array(request, { minLength: 1, maxLength: 8 }),
          (script, all) => {
            fake.forget();
            const { id } = fake.add('b@contoso.com', KEPT_CUSTOMER);
            fake.script(script);
            count += all.length;
            const found = Promise.all(
              all.map((each) => faultOf({ ...each, bytes: each.bytes.replaceAll(KEPT, id) })),
            );
            running = found;
            return found.then((wrong) => {
              expect(wrong.filter((each) => each !== undefined)).toEqual([]);
            });
          },
        ),
        {
          seed: SEED,
          numRuns: 1_000_000,
          interruptAfterTimeLimit: DURATION_MS,
          markInterruptAsFailure: false,
        },
      );
      // The time limit has interrupted the last run.
      expect((await running).filter((each) => each !== undefined)).toEqual([]);
      fake.forget();
      expect(count).toBeGreaterThan(100);
      expect(proxy.child.exitCode).toBeNull();
      for (const path of ['/livez', '/readyz']) {
        expect((await proxy.get(path)).status).toBe(200);
      }
      const statuses = [await create(), await create(), await create()];
      // One of them may time out on a busy machine.
      expect(statuses).toContain(201);
      expect(await metricBelow('bookings_http_requests_in_flight', 1)).toBe(1);
      // The connection pools may have grown to what eight callers need.
      const handles = await metricBelow('nodejs_active_handles', handlesBefore + 24);
      expect(handles).toBeLessThanOrEqual(handlesBefore + 24);
      const most = memoryBefore + 96 * MEBIBYTE;
      expect(await metricBelow('process_resident_memory_bytes', most)).toBeLessThanOrEqual(most);
      expect(await proxy.stop()).toEqual([0, null]);
      const unexpected = `${proxy.stdout}${proxy.stderr}`
        .trimEnd()
        .split('\n')
        .map((line) => (jsonObject(line)['audit'] === true ? withoutNames(line) : line))
        .filter((line) => line.includes(MARK) || !isExpected(jsonObject(line)));
      expect(unexpected).toEqual([]);
    },
    DURATION_MS + 120_000,
  );
});
