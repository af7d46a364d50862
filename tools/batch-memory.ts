// Prints the memory that batches of large pages need in the production process, and how long another connection waits for /livez meanwhile.
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { GraphFake } from '@bookings/graph-fake';
import { DOCUMENTED_CUSTOMER } from './local-stack.ts';
import { MeasuredProcess, megabytes } from './measured-process.ts';
import { helpIfAsked } from './usage.ts';

helpIfAsked(`Usage: node tools/batch-memory.ts [OPTION VALUE]...
  --batches 5       batches at a time
  --lists 20        lists in each
  --bytes 8000000   size of a page
  --rounds 3        how often each is measured
  --port 3997       of the process that is measured`);

const { values } = parseArgs({
  options: {
    batches: { type: 'string', default: '5' },
    lists: { type: 'string', default: '20' },
    bytes: { type: 'string', default: '8000000' },
    rounds: { type: 'string', default: '3' },
    port: { type: 'string', default: '3997' },
  },
});
const say = (text: string) => process.stdout.write(`${text}\n`);

/** A page of customers with the maximum size of Graph's responses. */
function largePage(bytes: number): string {
  const customer = JSON.stringify({ id: 'x'.repeat(36), ...DOCUMENTED_CUSTOMER });
  const count = Math.floor((bytes - '{"value":[]}'.length) / (customer.length + 1));
  return `{"value":[${Array<string>(count).fill(customer).join(',')}]}`;
}

/** Sends one batch of lists and counts the statuses of its parts. */
async function sendBatch(url: string, token: string, business: string): Promise<string> {
  const path = `/solutions/bookingBusinesses/${business}/customers`;
  const requests = Array.from({ length: Number(values.lists) }, (_none, index) => ({
    id: String(index),
    method: 'GET',
    url: path,
  }));
  const response = await fetch(`${url}/v1.0/$batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ requests }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const counts = new Map<string, number>();
  // Not parsed, because the responses have hundreds of megabytes.
  for (let at = bytes.indexOf('"status":'); at >= 0; at = bytes.indexOf('"status":', at + 1)) {
    const status = bytes.toString('latin1', at + 9, at + 12);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  const parts = [...counts].map(([status, count]) => `${count} x ${status}`).join(', ');
  return `${megabytes(bytes.length)}: ${parts}`;
}

const fake = await GraphFake.start({ businesses: ['*'] });
const token = await fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
const page = largePage(Number(values.bytes));
const api = await MeasuredProcess.start(fake, Number(values.port));
for (const batches of [1, Number(values.batches)]) {
  say(`${batches} at a time, ${values.lists} lists each, pages of ${page.length} bytes:`);
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const parts = batches * Number(values.lists);
    fake.script([{ kind: 'status', status: 200, body: page, times: parts }]);
    const steady = api.residentBytes;
    api.forgetPeak();
    const livez = new Worker(new URL('slowest-livez.ts', import.meta.url), { workerData: api.url });
    const responses = await Promise.all(
      Array.from({ length: batches }, (_none, index) =>
        sendBatch(api.url, token, `b${index}@contoso.com`),
      ),
    );
    livez.postMessage('end');
    const slowestMs = await new Promise((resolve) => livez.once('message', resolve));
    say(`  responses: ${responses.join('; ')}`);
    say(`  memory before ${megabytes(steady)}, peak + ${megabytes(api.peakBytes - steady)}`);
    say(`  slowest /livez ${Number(slowestMs).toFixed(0)} ms`);
  }
}
await api.stop();
await fake.close();
