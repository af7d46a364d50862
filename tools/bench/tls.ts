// What TLS towards the upstream costs the production build: with connections that stay, and with
// connections that the upstream closes again and again. `npm run tls-cost`; needs `openssl`.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { passingFolder } from './passing-folder.ts';
import { machine, Placement } from './placement.ts';
import { number, table } from './report.ts';
import { Results } from './results.ts';
import { measure, type Run, warmUp } from './rounds.ts';
import { scenarios, type Workload } from './scenarios.ts';
import { Server } from './server.ts';
import { Stand } from './stand.ts';
import { median } from './statistics.ts';
import { TokenMaker } from './tokens.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, port: { type: 'string', default: '9700' } },
});
const port = Number(values.port);
const say = (text: string) => process.stdout.write(`${text}\n`);

interface Way {
  readonly name: string;
  readonly tls: boolean;
  /** Answers over one connection; 0 is no bound. */
  readonly closesAfter: number;
}

interface Started extends Pick<Way, 'name'> {
  readonly upstream: Server;
  readonly proxy: Server;
  readonly before: Connections | undefined;
}

const WAYS = [
  { name: 'plain http', tls: false, closesAfter: 0 },
  { name: 'TLS, connections stay', tls: true, closesAfter: 0 },
  { name: 'TLS, closed after ten answers', tls: true, closesAfter: 10 },
] as const satisfies readonly Way[];

function certificate(): { key: string; cert: string } {
  const folder = passingFolder('tls');
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject];
  execFileSync('openssl', [...args, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key, cert };
}

interface Connections {
  readonly made: number;
  readonly resumed: number;
}

/** What the upstream says of its connections so far. */
async function connectionsTo({ port: at }: Server): Promise<Connections> {
  const counts: unknown = await (await fetch(`http://127.0.0.1:${at}/`)).json();
  const known = new Map(Object.entries(counts instanceof Object ? counts : {}));
  return { made: Number(known.get('made')), resumed: Number(known.get('resumed')) };
}

const { key, cert } = certificate();
const tokens = await TokenMaker.create();
const placement = Placement.take();
say(`${machine()}; ${placement.describe()}; ${values.rounds} interleaved rounds, medians`);
const stand = new Stand(placement, port, tokens.keySet, []);
const plain = await stand.upstream();
const [create] = await scenarios(tokens, { long: false, perSecond: 1 });
if (!create) throw new Error('nothing to measure');

/** A proxy, warm, before an upstream that is reached in one way. */
async function started(
  create: Workload,
  { name, tls, closesAfter }: Way,
  index: number,
): Promise<Started> {
  const upstreamPort = port + 10 + 2 * index;
  const env = { TLS_PORT: String(upstreamPort + 1), TLS_KEY: key, TLS_CERT: cert };
  const plan = {
    ...{ name, port: upstreamPort, env: { ...env, CLOSES_AFTER: String(closesAfter) } },
    command: [process.execPath, join(import.meta.dirname, 'tls-upstream.ts')],
    ready: { path: '/', status: 200 },
  };
  const upstream = tls ? await Server.start(plan) : plain;
  const graph = { GRAPH_BASE_URL: `https://localhost:${upstreamPort + 1}/v1.0` };
  const trusting = { ...graph, NODE_EXTRA_CA_CERTS: cert };
  const proxy = await stand.proxy(name, index + 1, { env: tls ? trusting : {} });
  await warmUp(proxy, create);
  return { name, upstream, proxy, before: tls ? await connectionsTo(upstream) : undefined };
}

const ways: Started[] = [];
for (const [index, way] of WAYS.entries()) ways.push(await started(create, way, index));
const runs: Run[] = [];
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const { proxy } of round % 2 === 0 ? ways : ways.toReversed()) {
    runs.push(await measure(proxy, create, round, placement));
  }
}

const results = new Results(runs);
const head = ['upstream', 'CPU µs', 'of plain', 'requests/s', 'p99 ms', 'connections', 'resumed'];
const rows: string[][] = [];
for (const { name, upstream, before } of ways) {
  const after = before && (await connectionsTo(upstream));
  const made = after ? after.made - before.made : NaN;
  const resumed = after ? (after.resumed - before.resumed) / made : NaN;
  rows.push([
    name,
    number(results.median(create.id, name, 'cpuUs')),
    number(median(results.ratios('cpuUs', [create.id, name], [create.id, WAYS[0].name])), 2),
    number(results.median(create.id, name, 'perSecond')),
    number(results.median(create.id, name, 'p99Ms'), 1),
    after ? number(made) : '-',
    made > 0 ? `${number(resumed * 100)} %` : '-',
  ]);
}
await Promise.all(ways.map(({ proxy }) => proxy.stop()));
await Promise.all(ways.map(({ upstream }) => upstream.stop()));
const wrong = runs.reduce((sum, { unexpected }) => sum + unexpected, 0);
say(`\n${table(head, rows)}\n\n${wrong} answers were not as they should be.`);
if (wrong > 0) process.exitCode = 1;
