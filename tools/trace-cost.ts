// Prints what traces cost a create in the production process: without an endpoint, with a collector,
// and with one that never answers.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { GraphFake } from '@bookings/graph-fake';
import { DOCUMENTED_CUSTOMER } from './local-stack.ts';
import { MeasuredProcess, megabytes } from './measured-process.ts';
import { helpIfAsked } from './usage.ts';

helpIfAsked(`Usage: node tools/trace-cost.ts [OPTION VALUE]...
  --creates 4000    in a round
  --rounds 5        how often each process is measured, in turns
  --port 3990       of the first process; the others have the ports after it`);

const { values } = parseArgs({
  options: {
    creates: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '5' },
    port: { type: 'string', default: '3990' },
  },
});
const CONCURRENCY = 16;
const creates = Number(values.creates);
const port = Number(values.port);

/** A collector, or with `isSilent` one that never answers. */
async function collector(isSilent: boolean): Promise<NodeJS.ProcessEnv> {
  const server = createServer((request, response) => {
    request.resume();
    if (!isSilent) request.once('end', () => response.end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('not a TCP server');
  return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${address.port}` };
}

/** Microseconds of processor time for one create. */
async function measure(api: MeasuredProcess): Promise<number> {
  const beforeMs = api.processorMs;
  let sent = 0;
  const client = async () => {
    while (sent < creates) {
      sent += 1;
      const path = `/v1.0/solutions/bookingBusinesses/b${sent % 100}@contoso.com/customers`;
      const response = await fetch(`${api.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(DOCUMENTED_CUSTOMER),
      });
      await response.arrayBuffer();
      if (response.status !== 201) throw new Error(`A create got ${response.status}.`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, client));
  fake.forget();
  return ((api.processorMs - beforeMs) * 1000) / creates;
}

const middle = (numbers: readonly number[]) =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? NaN;

const fake = await GraphFake.start({ businesses: ['*'] });
const token = await fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
const settings = [
  ['without traces', {}],
  ['with a collector', await collector(false)],
  ['with a silent collector', await collector(true)],
] as const;
const processes = await Promise.all(
  settings.map(async ([name, env], index) => {
    const api = await MeasuredProcess.start(fake, port + index, env);
    return { name, api, costs: [] as number[] };
  }),
);
// The first round warms the processes up.
for (let round = 0; round <= Number(values.rounds); round += 1) {
  for (const { api, costs } of processes) {
    const cost = await measure(api);
    if (round > 0) costs.push(cost);
  }
}
const base = processes[0]?.costs ?? [];
for (const { name, api, costs } of processes) {
  const range = `${Math.min(...costs).toFixed(0)} to ${Math.max(...costs).toFixed(0)}`;
  // Of the same round, because other work on the machine slows each round down differently.
  const ratio = middle(costs.map((cost, round) => cost / (base[round] ?? NaN)));
  process.stdout.write(
    `${name}: ${middle(costs).toFixed(0)} µs (${range}), ${ratio.toFixed(2)} of without, ${megabytes(api.residentBytes)}\n`,
  );
  await api.stop();
}
await fake.close();
process.exit(0);
