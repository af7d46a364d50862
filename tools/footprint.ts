// What the production process costs before and after work: time to ready and resident memory.
// `npm run footprint`; prints figures and judges nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { GraphFake } from '@bookings/graph-fake';
import { apiEnvironment, ready } from './local-api.ts';
import { DOCUMENTED_CUSTOMER } from './local-stack.ts';

const { values } = parseArgs({
  options: {
    starts: { type: 'string', default: '5' },
    requests: { type: 'string', default: '10000' },
    port: { type: 'string', default: '3999' },
  },
});
const port = Number(values.port);
const url = `http://127.0.0.1:${port}`;
/** Graph allows four requests at a time in each, so that many may be under way at once. */
const BUSINESSES = 8;

const say = (text: string) => process.stdout.write(`${text}\n`);

function start(fake: GraphFake) {
  const child = spawn(process.execPath, ['apps/api/dist/main.js'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: apiEnvironment(fake, port),
  });
  const ended = new AbortController();
  child.once('exit', () => {
    ended.abort();
  });
  return { child, exit: once(child, 'exit'), ended: ended.signal };
}

function residentMegabytes(pid: number | undefined): string {
  const status = readFileSync(`/proc/${pid ?? 'self'}/status`, 'utf8');
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  return `${Math.round(kilobytes / 1024)} MB`;
}

/** Processor time of the process so far, in ms: user and system, clock ticks of 10 ms. */
function processorMs(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid ?? 'self'}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function assertReady(ended: AbortSignal): Promise<void> {
  if (!(await ready(url, ended))) throw new Error('the process ended before it was ready');
}

async function timeToReadyMs(fake: GraphFake): Promise<number> {
  const beganMs = performance.now();
  const { child, exit, ended } = start(fake);
  await assertReady(ended);
  const tookMs = performance.now() - beganMs;
  child.kill('SIGTERM');
  await exit;
  return tookMs;
}

async function createMany(fake: GraphFake, count: number): Promise<Map<number, number>> {
  const token = await fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
  const statuses = new Map<number, number>();
  let sent = 0;
  const work = async (worker: number) => {
    while (sent < count) {
      sent += 1;
      const business = `b${worker % BUSINESSES}@contoso.com`;
      const answer = await fetch(`${url}/v1.0/solutions/bookingBusinesses/${business}/customers`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(DOCUMENTED_CUSTOMER),
      });
      await answer.arrayBuffer();
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: BUSINESSES * 4 }, (_none, worker) => work(worker)));
  return statuses;
}

const fake = await GraphFake.start({ businesses: ['*'] });
const times: number[] = [];
for (let index = 0; index < Number(values.starts); index += 1)
  times.push(await timeToReadyMs(fake));
times.sort((a, b) => a - b);
say(`start to ready: ${times.map((ms) => `${Math.round(ms)} ms`).join(', ')}`);

const { child, exit, ended } = start(fake);
await assertReady(ended);
say(`resident when ready: ${residentMegabytes(child.pid)}`);
const beforeMs = processorMs(child.pid);
const statuses = await createMany(fake, Number(values.requests));
const eachMs = (processorMs(child.pid) - beforeMs) / Number(values.requests);
say(`answers: ${[...statuses].map(([status, count]) => `${count} x ${status}`).join(', ')}`);
say(`resident after ${values.requests} creates: ${residentMegabytes(child.pid)}`);
say(`processor time per create, from cold: ${Math.round(eachMs * 1000)} µs`);
child.kill('SIGTERM');
await exit;
await fake.close();
