// What the production process costs before and after work: time to ready and resident memory.
// `npm run footprint`; prints figures and judges nothing.
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { GraphFake } from '@bookings/graph-fake';
import { DOCUMENTED_CUSTOMER } from './local-stack.ts';
import { MeasuredProcess, megabytes } from './measured-process.ts';

const { values } = parseArgs({
  options: {
    starts: { type: 'string', default: '5' },
    requests: { type: 'string', default: '10000' },
    port: { type: 'string', default: '3999' },
  },
});
const port = Number(values.port);
/** Graph allows four requests at a time in each, so that many may be under way at once. */
const BUSINESSES = 8;

const say = (text: string) => process.stdout.write(`${text}\n`);

async function timeToReadyMs(fake: GraphFake): Promise<number> {
  const beganMs = performance.now();
  const api = await MeasuredProcess.start(fake, port);
  const tookMs = performance.now() - beganMs;
  await api.stop();
  return tookMs;
}

async function createMany(
  fake: GraphFake,
  url: string,
  count: number,
): Promise<Map<number, number>> {
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

const api = await MeasuredProcess.start(fake, port);
say(`resident when ready: ${megabytes(api.residentBytes)}`);
const beforeMs = api.processorMs;
const statuses = await createMany(fake, api.url, Number(values.requests));
const eachMs = (api.processorMs - beforeMs) / Number(values.requests);
say(`answers: ${[...statuses].map(([status, count]) => `${count} x ${status}`).join(', ')}`);
say(`resident after ${values.requests} creates: ${megabytes(api.residentBytes)}`);
say(`processor time per create, from cold: ${Math.round(eachMs * 1000)} µs`);
await api.stop();
await fake.close();
