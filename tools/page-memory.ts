// What passing pages on costs the production process: the memory that pages of 1,000 customers add
// to what it holds, and how long a page of 100 out of 10,000 takes.
// `npm run page-memory`; prints figures and judges nothing.
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { GraphFake } from '@bookings/graph-fake';
import { DOCUMENTED_CUSTOMER } from './local-stack.ts';
import { MeasuredProcess, megabytes } from './measured-process.ts';

const { values } = parseArgs({
  options: {
    pages: { type: 'string', default: '50' },
    warmups: { type: 'string', default: '2000' },
    port: { type: 'string', default: '3998' },
  },
});
const LARGE_PAGE = { business: 'thousand@contoso.com', customers: 1000 };
const LONG_LIST = { business: 'ten.thousand@contoso.com', customers: 10_000, page: 100 };

const say = (text: string) => process.stdout.write(`${text}\n`);

/** The documented customer, as many times as `business` shall have it. */
function fill(fake: GraphFake, { business, customers }: typeof LARGE_PAGE): void {
  const { displayName, emailAddress, addresses, phones } = DOCUMENTED_CUSTOMER;
  for (let index = 0; index < customers; index += 1)
    fake.add(business, { displayName, emailAddress, addresses, phones });
}

type Ask = (url: string, body?: unknown) => Promise<{ text: string; graphMs: number }>;

async function asker(fake: GraphFake): Promise<Ask> {
  const token = await fake.issueToken({ roles: ['BookingsAppointment.ReadWrite.All'] });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return async (url, body) => {
    const create = body !== undefined && { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(url, { headers, ...create });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} from ${url}`);
    const timing = answer.headers.get('server-timing') ?? '';
    return { text, graphMs: Number(/graph;dur=([\d.]+)/.exec(timing)?.[1]) };
  };
}

/** Creates, reads and short lists, so that what the pages add is theirs alone. */
async function warmUp(ask: Ask, url: string, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const customers = `${url}/b${round % 100}@contoso.com/customers`;
    const { text } = await ask(customers, DOCUMENTED_CUSTOMER);
    await ask(`${customers}/${stringIn(text, 'id')}`);
    await ask(`${customers}?$top=10`);
  }
}

/** Empty where there is none. */
function stringIn(json: string, name: string): string {
  const value: unknown = JSON.parse(json);
  const member: unknown = value instanceof Object ? Reflect.get(value, name) : undefined;
  return typeof member === 'string' ? member : '';
}

async function largePages(ask: Ask, api: MeasuredProcess, url: string): Promise<void> {
  const steady = api.residentBytes;
  api.forgetPeak();
  const added = () => megabytes(api.peakBytes - steady, 1);
  const page = () => ask(`${url}/${LARGE_PAGE.business}/customers`);
  const { length } = (await page()).text;
  say(`  a page of ${LARGE_PAGE.customers} customers has ${length} bytes`);
  say(`  additional memory at the peak of the first: ${added()}`);
  for (let index = 1; index < Number(values.pages); index += 1) await page();
  say(`  additional memory at the peak of ${values.pages}, one after another: ${added()}`);
  say(`  resident before them ${megabytes(steady)}, behind them ${megabytes(api.residentBytes)}`);
}

async function longList(ask: Ask, url: string): Promise<void> {
  const pages: { tookMs: number; graphMs: number }[] = [];
  let link = `${url}/${LONG_LIST.business}/customers?$top=${LONG_LIST.page}`;
  let listed = 0;
  while (link !== '') {
    const beganMs = performance.now();
    const { text, graphMs } = await ask(link);
    pages.push({ tookMs: performance.now() - beganMs, graphMs });
    listed += text.split('"id":').length - 1;
    link = stringIn(text, '@odata.nextLink');
  }
  const mean = (times: number[]) => times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const took = pages.map(({ tookMs }) => tookMs);
  const fakes = pages.map(({ graphMs }) => graphMs);
  say(`  ${listed} customers in ${pages.length} pages of ${LONG_LIST.page}:`);
  say(
    `  slowest ${Math.max(...took).toFixed(1)} ms, of the fake ${Math.max(...fakes).toFixed(1)} ms`,
  );
  say(`  mean ${mean(took).toFixed(1)} ms, of the fake ${mean(fakes).toFixed(1)} ms`);
}

const fake = await GraphFake.start({ businesses: ['*'], pageSize: LARGE_PAGE.customers });
fill(fake, LARGE_PAGE);
fill(fake, LONG_LIST);
const ask = await asker(fake);
// A process that has done next to nothing pays for its first page with memory that it keeps.
for (const rounds of [1, Number(values.warmups)]) {
  const api = await MeasuredProcess.start(fake, Number(values.port));
  const businesses = `${api.url}/v1.0/solutions/bookingBusinesses`;
  await warmUp(ask, businesses, rounds);
  say(`after ${rounds} times a create, a read and a short list:`);
  await largePages(ask, api, businesses);
  await longList(ask, businesses);
  await api.stop();
}
await fake.close();
