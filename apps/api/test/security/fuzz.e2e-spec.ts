import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphFake, proxyEnvironment } from '@bookings/graph-fake';
import fc from 'fast-check';
import { CREATE_PERMISSION, DOCUMENTED_REQUEST, customersPath, jsonObject } from '../stack.ts';
import { MARK, withoutNames } from './canaries.ts';
import { broken, noise } from './fuzz-bytes.ts';
import { faults } from './fuzz-faults.ts';
import { KEPT, type Sent, requests } from './fuzz-requests.ts';
import { fault, firstAnswer } from './http-answer.ts';
import { DIST, type ProxyProcess, startProxy } from './proxy-process.ts';
import { open } from './raw-caller.ts';

/** How long it goes on, and with which numbers: what fails is found again with its seed. */
const DURATION_MS = Number(process.env['FUZZ_MS'] ?? 30_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_211_123);
/** Longer than any answer takes with the deadline below, on a machine that does much else. */
const HANG_MS = 15_000;
/** What may be no request is given this long to be answered before its caller goes away. */
const DOUBT_MS = 100;
const KEPT_CUSTOMER = { displayName: MARK, emailAddress: null, addresses: [], phones: [] };
const MEBIBYTE = 1_048_576;

let fake: GraphFake;
let proxy: ProxyProcess;
let good: string[];
let bad: string[];
beforeAll(async () => {
  fake = await GraphFake.start({ businesses: ['*'], pageSize: 3 });
  proxy = await startProxy([process.execPath, `${DIST}/main.js`], {
    ...proxyEnvironment(fake),
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
afterAll(async () => {
  await fake.close();
});

/** What is wrong with the answer to `sent`; undefined when nothing is. */
async function tried({ method, bytes, whole }: Sent): Promise<string | undefined> {
  const socket = await open(proxy.url, Buffer.from(bytes, 'latin1'));
  let read = '';
  const patience = setTimeout(() => socket.destroy(), whole ? HANG_MS : DOUBT_MS);
  try {
    for await (const chunk of socket) {
      read += Buffer.from(chunk as Buffer).toString('latin1');
      const answer = firstAnswer(read, method);
      if (answer) return fault(answer, method);
    }
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    // A reset, or a caller who went away.
  } finally {
    clearTimeout(patience);
    socket.destroy();
  }
  return whole ? `no answer but ${JSON.stringify(read)}` : undefined;
}

async function create(): Promise<number> {
  const { status } = await fetch(`${proxy.url}${customersPath()}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${good[0] ?? ''}`, 'content-type': 'application/json' },
    body: DOCUMENTED_REQUEST,
  });
  return status;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${proxy.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
}

/** Works on until `name` is at most `limit`: memory comes back when it is needed elsewhere. */
async function settled(name: string, limit: number): Promise<number> {
  const until = Date.now() + HANG_MS;
  let value = await metric(name);
  while (value > limit && Date.now() < until) {
    await create();
    value = await metric(name);
  }
  return value;
}

/** Whether a line of the log is one, and of nothing that went wrong in the proxy itself. */
function isOrderly({ level, code }: Record<string, unknown>): boolean {
  return typeof level === 'number' && level < 60 && code !== 'InternalServerError';
}

describe('whatever is sent, and whatever Graph does meanwhile', () => {
  it(
    'is answered as it may be, and leaves nothing behind',
    async () => {
      for (let warmed = 0; warmed < 300; warmed += 1) await create();
      const memoryBefore = await metric('process_resident_memory_bytes');
      const handlesBefore = await metric('nodejs_active_handles_total');
      const whole = requests(good, bad);
      const sent = fc.oneof(
        { weight: 6, arbitrary: whole },
        { weight: 3, arbitrary: broken(whole) },
        { weight: 1, arbitrary: noise },
      );
      let running: Promise<(string | undefined)[]> = Promise.resolve([]);
      let count = 0;
      await fc.assert(
        fc.asyncProperty(faults, fc.array(sent, { minLength: 1, maxLength: 8 }), (script, all) => {
          fake.forget();
          const { id } = fake.add('b@contoso.com', KEPT_CUSTOMER);
          fake.script(script);
          count += all.length;
          const found = Promise.all(
            all.map((each) => tried({ ...each, bytes: each.bytes.replaceAll(KEPT, id) })),
          );
          running = found;
          return found.then((wrong) => {
            expect(wrong.filter((each) => each !== undefined)).toEqual([]);
          });
        }),
        {
          seed: SEED,
          numRuns: 1_000_000,
          interruptAfterTimeLimit: DURATION_MS,
          markInterruptAsFailure: false,
        },
      );
      // The last ones, which the end of the time has cut off from the property.
      expect((await running).filter((each) => each !== undefined)).toEqual([]);
      fake.forget();
      // Or the property says nothing.
      expect(count).toBeGreaterThan(100);
      expect(proxy.child.exitCode).toBeNull();
      for (const path of ['/livez', '/readyz']) {
        expect((await fetch(`${proxy.url}${path}`)).status).toBe(200);
      }
      const statuses = [await create(), await create(), await create()];
      // One may be late on a machine that does much else; not three.
      expect(statuses).toContain(201);
      expect(await settled('bookings_http_requests_in_flight', 1)).toBe(1);
      // Pools to Graph and to this test may have grown to what eight callers need.
      const handles = await settled('nodejs_active_handles_total', handlesBefore + 24);
      expect(handles).toBeLessThanOrEqual(handlesBefore + 24);
      const most = memoryBefore + 96 * MEBIBYTE;
      expect(await settled('process_resident_memory_bytes', most)).toBeLessThanOrEqual(most);
      expect(await proxy.stop()).toEqual([0, null]);
      const strange = proxy
        .output()
        .trimEnd()
        .split('\n')
        .map((line) => (jsonObject(line)['audit'] === true ? withoutNames(line) : line))
        .filter((line) => line.includes(MARK) || !isOrderly(jsonObject(line)));
      expect(strange).toEqual([]);
    },
    DURATION_MS + 120_000,
  );
});
