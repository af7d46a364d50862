import type { Fault } from '@bookings/graph-fake';
import { after } from '../client.ts';
import { percentile } from '../../bench/report.ts';
import type { ApiProcess } from '../api-process.ts';
import type { Figure, Row } from '../figure.ts';
import { Stage } from '../stage.ts';

const NEIGHBOURS = 6;
/** Callers of the disturbed mailbox, for each process. */
const DISTURBING = 20;
const FLOODING = 80;

/** Faults are for reads. The neighbours create, so they have none. */
const SLOW: Fault = { kind: 'delay', delayMs: 2000 };
const THROTTLED: Fault = { kind: 'status', status: 429, headers: { 'Retry-After': '3' } };
const PASS: Fault = { kind: 'pass' };

/** Latencies of other mailboxes while one is slow, throttled or flooded, on three replicas. */
export const neighbours: Figure = (plan) => {
  let ofReads: Fault = PASS;
  const faultFor = (method: string) => (method === 'GET' ? ofReads : PASS);
  return Stage.with(plan, { faultFor }, async (stage) => {
    const replicas = await stage.replicas(3);
    const p99 = () => p99OfNeighbours(stage, replicas, plan.seconds);
    const during = async (fault: Fault, callers: number): Promise<number> => {
      ofReads = fault;
      const business = 'disturbed@contoso.com';
      let isOver = false;
      const client = await stage.client();
      const disturbing = replicas.map(({ url }) =>
        client.keepSending(
          callers,
          () => ({ url, business }),
          () => isOver,
        ),
      );
      const measured = await p99();
      isOver = true;
      ofReads = PASS;
      await Promise.all(disturbing);
      return measured;
    };
    // Compiles the code and takes the permits.
    await p99();
    const undisturbed = await p99();
    return [
      row('slow', undisturbed, await during(SLOW, DISTURBING)),
      row('throttled', undisturbed, await during(THROTTLED, DISTURBING)),
      row('flooded', undisturbed, await during(PASS, FLOODING)),
    ];
  });
};

async function p99OfNeighbours(
  stage: Stage,
  replicas: readonly ApiProcess[],
  seconds: number,
): Promise<number> {
  const isOver = after(seconds);
  const answers = await Promise.all(
    Array.from({ length: NEIGHBOURS }, async (_none, index) => {
      const url = replicas[index % replicas.length]?.url ?? '';
      const call = { url, business: `neighbour-${index}@contoso.com`, method: 'POST' } as const;
      const client = await stage.client();
      return client.keepSending(1, () => call, isOver);
    }),
  );
  const latencies = answers.flat().map(({ tookMs }) => tookMs);
  return percentile(
    latencies.toSorted((one, other) => one - other),
    0.99,
  );
}

function row(what: string, undisturbed: number, disturbed: number): Row {
  return {
    figure: `neighbours' p99 while one mailbox is ${what}`,
    goal: '≤ 2 × undisturbed, or + 5 ms',
    measured: `${(disturbed / undisturbed).toFixed(2)} ×: ${disturbed.toFixed(0)} and ${undisturbed.toFixed(0)} ms`,
    holds: disturbed <= Math.max(2 * undisturbed, undisturbed + 5),
  };
}
