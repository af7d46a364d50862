import { Balancer } from '@bookings/api/test/balancer';
import { randomUUID } from 'node:crypto';
import { succeeded } from '../client.ts';
import type { Figure } from '../figure.ts';
import { Stage } from '../stage.ts';

const REPLICAS = 3;
const CALLERS = 6;
/** More than the two seconds after which the balancer notices. */
const ENV = { SHUTDOWN_DELAY_MS: '3000' };

/** Replaces all replicas, one after the other, behind a balancer that notices late. */
export const rolling: Figure = (plan) =>
  Stage.with(plan, {}, async (stage) => {
    const database = await stage.postgres.createDatabase();
    const env = { ...ENV, STATE_URL: database, STATE_SECRET: 'one secret for every process' };
    const balancer = new Balancer();
    const url = await balancer.start();
    try {
      const replicas = await Promise.all(
        Array.from({ length: REPLICAS }, () => stage.process(env)),
      );
      for (const replica of replicas) await balancer.add(replica.url);
      const client = await stage.client();
      let [number, isOver] = [0, false];
      const next = () => {
        number += 1;
        const business = `mailbox-${number % CALLERS}@contoso.com`;
        // Half of them are creates with a key, which a stopping process must not cut off.
        const create = { method: 'POST', headers: { 'idempotency-key': randomUUID() } } as const;
        return { url, business, ...(number % 2 === 0 && create) };
      };
      const sending = client.keepSending(CALLERS, next, () => isOver);
      for (const replica of replicas) {
        await replica.stop();
        const successor = await stage.process(env);
        await balancer.add(successor.url);
      }
      isOver = true;
      const answers = await sending;
      const failed = answers.filter((answer) => !succeeded(answer));
      const statuses = [...new Set(failed.map(({ status }) => status))].join(', ');
      return [
        {
          figure: 'requests that fail in a rolling restart of 3',
          goal: '0',
          measured: `${failed.length} of ${answers.length}${statuses && `, statuses ${statuses}`}`,
          holds: answers.length > 0 && failed.length === 0,
        },
      ];
    } finally {
      await balancer.close();
    }
  });
