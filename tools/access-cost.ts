// What a business access file costs the production process: processor time per request with a file
// of many callers and without one, side by side, and what the file takes to load and to hold.
// `npm run access-cost`; prints figures and judges nothing.
import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { GraphFake } from '@bookings/graph-fake';
import { MeasuredProcess, megabytes } from './measured-process.ts';

const { values } = parseArgs({
  options: {
    callers: { type: 'string', default: '10000' },
    patterns: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '12' },
    requests: { type: 'string', default: '2000' },
    port: { type: 'string', default: '3996' },
  },
});
const requests = Number(values.requests);
/** Requests at a time. */
const WORKERS = 4;

const say = (text: string) => process.stdout.write(`${text}\n`);
const guid = (index: number) => `aaaaaaaa-0000-4000-8000-${String(index).padStart(12, '0')}`;
const domain = (caller: number, pattern: number) => `b${pattern}.caller-${caller}.contoso.com`;

/** Every pattern with an asterisk, and `salt` in a rule of nobody's to make another version. */
function accessFile(salt: string): string {
  const callers = Array.from({ length: Number(values.callers) }, (_caller, caller) => ({
    appId: guid(caller),
    businesses: Array.from(
      { length: Number(values.patterns) },
      (_pattern, pattern) => `*@${domain(caller, pattern)}`,
    ),
    operations: ['create', 'read'],
  }));
  const nobody = { appId: guid(999_999_999), businesses: [`${salt}@b`], operations: ['read'] };
  return JSON.stringify({ callers: [...callers, nobody] });
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}

/** Processor time per request, in µs. Each passes the check and is then refused for its query. */
async function costOf(api: MeasuredProcess, token: string, business: string): Promise<number> {
  const url = `${api.url}/v1.0/solutions/bookingBusinesses/${business}/customers?$apply=x`;
  const headers = { authorization: `Bearer ${token}` };
  const beforeMs = api.processorMs;
  const work = async () => {
    for (let sent = 0; sent < requests / WORKERS; sent += 1) {
      const answer = await fetch(url, { headers });
      await answer.arrayBuffer();
      if (answer.status !== 400) throw new Error(`${answer.status} and not 400`);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return ((api.processorMs - beforeMs) / requests) * 1000;
}

/** The longest that a probe waits while a new version of the file is read, in ms. */
async function longestWaitMs(api: MeasuredProcess, replace: () => void): Promise<number> {
  let longestMs = 0;
  const endMs = performance.now() + 4000;
  replace();
  while (performance.now() < endMs) {
    const beganMs = performance.now();
    await (await fetch(`${api.url}/livez`)).arrayBuffer();
    longestMs = Math.max(longestMs, performance.now() - beganMs);
  }
  return longestMs;
}

const folder = mkdtempSync(join(tmpdir(), 'access-cost-'));
const path = join(folder, 'access.json');
writeFileSync(path, accessFile('first'));
say(
  `file: ${values.callers} callers with ${values.patterns} patterns, ${megabytes(statSync(path).size, 1)}`,
);

const fake = await GraphFake.start({ businesses: ['*'] });
const started = async (port: number, settings: NodeJS.ProcessEnv) => {
  const beganMs = performance.now();
  const api = await MeasuredProcess.start(fake, port, settings);
  return { api, readyMs: performance.now() - beganMs };
};
const without = await started(Number(values.port), {});
const withFile = await started(Number(values.port) + 1, { BUSINESS_ACCESS_FILE: path });
for (const [name, { api, readyMs }] of Object.entries({ without, with: withFile })) {
  say(
    `${name.padEnd(8)} start to ready ${Math.round(readyMs)} ms, resident ${megabytes(api.residentBytes)}`,
  );
}

// The last pattern of a caller in the middle is the one that matches: all others are tried first.
const caller = Math.floor(Number(values.callers) / 2);
const token = await fake.issueToken({
  roles: ['BookingsAppointment.ReadWrite.All'],
  appId: guid(caller),
});
const business = `sales@${domain(caller, Number(values.patterns) - 1)}`;
const ratios: number[] = [];
const costs: { without: number[]; with: number[] } = { without: [], with: [] };
// The first rounds are from cold. Each takes turns in who comes first.
for (let round = -3; round < Number(values.rounds); round += 1) {
  const order = round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const);
  const cost = { without: NaN, with: NaN };
  for (const each of order) {
    cost[each] = await costOf(each === 'with' ? withFile.api : without.api, token, business);
  }
  if (round < 0) continue;
  ratios.push(cost.with / cost.without);
  costs.without.push(cost.without);
  costs.with.push(cost.with);
}
say(
  `processor time per request: ${Math.round(median(costs.without))} µs without, ${Math.round(median(costs.with))} µs with`,
);
say(
  `ratios: ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}; median ${median(ratios).toFixed(3)}`,
);

const idle = await longestWaitMs(withFile.api, () => undefined);
const reading = await longestWaitMs(withFile.api, () => {
  writeFileSync(join(folder, 'next.json'), accessFile('second'));
  renameSync(join(folder, 'next.json'), path);
});
say(
  `longest answer of /livez: ${Math.round(idle)} ms, ${Math.round(reading)} ms while a new version is read`,
);
say(`resident after it: ${megabytes(withFile.api.residentBytes)}`);
await Promise.all([without.api.stop(), withFile.api.stop(), fake.close()]);
rmSync(folder, { recursive: true });
