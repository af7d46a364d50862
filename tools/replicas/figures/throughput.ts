import { after, servedInTime } from '../client.ts';
import type { Figure } from '../figure.ts';
import { Stage } from '../stage.ts';

/** Callers of one hot mailbox, in all. */
const CALLERS = 30;
const GOAL = 0.95;

/** Three replicas at one hot mailbox, and one process alone at another one at the same time. */
export const throughput: Figure = (plan) =>
  Stage.with(plan, {}, async (stage) => {
    const [shared, alone] = await Promise.all([stage.replicas(3), stage.process()]);
    const client = await stage.client();
    const served = async (urls: readonly string[], business: string, isOver: () => boolean) => {
      const each = urls.map((url) =>
        client.keepSending(CALLERS / urls.length, () => ({ url, business }), isOver),
      );
      return servedInTime((await Promise.all(each)).flat()) / plan.seconds;
    };
    const run = (isOver: () => boolean) =>
      Promise.all([
        served(
          shared.map(({ url }) => url),
          'hot-shared@contoso.com',
          isOver,
        ),
        served([alone.url], 'hot-alone@contoso.com', isOver),
      ]);
    await run(after(2));
    const [together, single] = await run(after(plan.seconds));
    const ratio = together / single;
    return [
      {
        figure: 'throughput of one hot mailbox, 3 replicas to one process alone',
        goal: '≥ 95 %',
        measured: `${(100 * ratio).toFixed(0)} %: ${together.toFixed(1)} and ${single.toFixed(1)} a second`,
        holds: ratio >= GOAL,
      },
    ];
  });
