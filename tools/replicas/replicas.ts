// What three replicas with one limit for each mailbox reach. Prints a table with each figure, its goal
// and what was measured. Run with `npm run replicas`.
import { parseArgs } from 'node:util';
import { PostgresServer } from '@bookings/idempotency/testing/postgres-server';
import { helpIfAsked } from '../usage.ts';
import { type Figure, type Row, table } from './figure.ts';
import { latency } from './figures/latency.ts';
import { neighbours } from './figures/neighbours.ts';
import { peak } from './figures/peak.ts';
import { repeats } from './figures/repeats.ts';
import { rolling } from './figures/rolling.ts';
import { shares } from './figures/shares.ts';
import { statements } from './figures/statements.ts';
import { throughput } from './figures/throughput.ts';

const FIGURES: Readonly<Record<string, Figure>> = {
  ...{ peak, throughput, statements, latency, rolling, repeats, neighbours, shares },
};
const NAMES = Object.keys(FIGURES);

helpIfAsked(`Usage: npm run replicas -- [OPTION VALUE]...
  --only NAME    one figure; may be repeated: ${NAMES.join(', ')}
  --seconds 10   how long each part is measured
  --kills 50     of processes, in the run for the peak of work`);

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: NAMES },
    seconds: { type: 'string', default: '10' },
    kills: { type: 'string', default: '50' },
  },
});
const [seconds, kills] = [Number(values.seconds), Number(values.kills)];
if (!(seconds > 0 && kills >= 0)) fail('--seconds, --kills: expected numbers');
if (!values.only.every((name) => NAMES.includes(name))) {
  fail(`--only: expected some of ${NAMES.join(', ')}`);
}

// Each process has a folder that is deleted at exit.
process.setMaxListeners(0);
const postgres = await PostgresServer.start();
const rows: Row[] = [];
try {
  for (const [name, measure] of Object.entries(FIGURES)) {
    if (!values.only.includes(name)) continue;
    process.stderr.write(`${name}\n`);
    rows.push(...(await measure({ postgres, seconds, kills })));
  }
} finally {
  await postgres.stop();
}
process.stdout.write(`${table(rows)}\n`);
// PostgreSQL's package would end the process with 0, whatever `process.exitCode` says.
process.exit(rows.every(({ holds }) => holds) ? 0 : 1);

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
