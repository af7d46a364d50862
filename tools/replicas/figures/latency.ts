import { after } from '../client.ts';
import { median } from '../../bench/report.ts';
import type { Figure } from '../figure.ts';
import { Stage } from '../stage.ts';

const BUSINESS = 'quiet@contoso.com';
const GOAL_MS = 0.3;

/**
 * Requests to a quiet mailbox, one at a time, by turns through a process with PostgreSQL and one with
 * SQLite. Graph answers at once, so that its work time does not blur the difference.
 */
export const latency: Figure = (plan) =>
  Stage.with(plan, { workMs: 0 }, async (stage) => {
    const [[shared], alone] = await Promise.all([stage.replicas(1), stage.process()]);
    if (!shared) throw new Error('no process was started');
    const client = await stage.client();
    const measure = async (isOver: () => boolean) => {
      const tookMs = { shared: new Array<number>(), alone: new Array<number>() };
      while (!isOver()) {
        for (const [name, { url }] of [['shared', shared] as const, ['alone', alone] as const]) {
          const answer = await client.send({ url, business: BUSINESS });
          tookMs[name].push(answer.tookMs);
        }
      }
      return tookMs;
    };
    // The first requests take the permits, open connections and compile the code.
    await measure(after(5));
    const tookMs = await measure(after(plan.seconds));
    const [withPermits, without] = [median(tookMs.shared), median(tookMs.alone)];
    const addedMs = withPermits - without;
    return [
      {
        figure: 'added median latency on a quiet mailbox, second and later requests',
        goal: '≤ 0.3 ms',
        measured: `${addedMs.toFixed(2)} ms: ${withPermits.toFixed(2)} and ${without.toFixed(2)} ms, ${tookMs.alone.length} requests each`,
        holds: addedMs <= GOAL_MS,
      },
    ];
  });
