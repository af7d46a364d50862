import { after, servedInTime } from '../client.ts';
import type { Figure } from '../figure.ts';
import { Stage } from '../stage.ts';

const BUSINESS = 'hot@contoso.com';
/** As many as the queue of a mailbox holds, with those in flight. */
const AT_A_TIME = 64;
const GOAL = 1.5;

/** One caller on each of three replicas, with full queues. */
export const shares: Figure = (plan) =>
  Stage.with(plan, {}, async (stage) => {
    const replicas = await stage.replicas(3);
    const isOver = after(plan.seconds);
    const served = await Promise.all(
      replicas.map(async ({ url }) => {
        const client = await stage.client();
        const next = () => ({ url, business: BUSINESS });
        const answers = await client.keepSending(AT_A_TIME, next, isOver);
        return servedInTime(answers);
      }),
    );
    const factor = Math.max(...served) / Math.min(...served);
    return [
      {
        figure: `one caller each on 3 replicas, full queues, ${plan.seconds} s`,
        goal: 'shares within a factor of 1.5',
        measured: `${factor.toFixed(2)}: ${served.join(', ')} requests`,
        holds: factor <= GOAL,
      },
    ];
  });
