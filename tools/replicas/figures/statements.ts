import { setTimeout as sleep } from 'node:timers/promises';
import { after } from '../client.ts';
import type { ApiProcess } from '../api-process.ts';
import type { Figure, Row } from '../figure.ts';
import { Stage } from '../stage.ts';

const METRIC = 'bookings_mailbox_permit_statements_total';
const WARM_MAILBOXES = 200;
const CALLERS = 30;

interface Counted {
  readonly statements: number;
  readonly requests: number;
  readonly seconds: number;
}

/** Database statements of three replicas for requests without a key. */
export const statements: Figure = (plan) =>
  Stage.with(plan, {}, async (stage) => {
    const replicas = await stage.replicas(3);
    const client = await stage.client();
    let number = 0;
    /** Counts from when the load has run for a while until before it ends. */
    const under = async (mailboxes: number, warmUpS: number) => {
      const isOver = after(warmUpS + plan.seconds + 1);
      let requests = 0;
      const next = (url: string) => () => {
        number += 1;
        requests += 1;
        return { url, business: `mailbox-${mailboxes}-${number % mailboxes}@contoso.com` };
      };
      const sending = replicas.map(({ url }) =>
        client.keepSending(CALLERS / replicas.length, next(url), isOver),
      );
      await sleep(warmUpS * 1000);
      const before = { requests, statements: await statementsOf(replicas) };
      await sleep(plan.seconds * 1000);
      const statements = (await statementsOf(replicas)) - before.statements;
      const counted = { statements, requests: requests - before.requests, seconds: plan.seconds };
      await Promise.all(sending);
      return counted;
    };
    const before = await statementsOf(replicas);
    await sleep(plan.seconds * 1000);
    const idle = {
      statements: (await statementsOf(replicas)) - before,
      requests: 0,
      seconds: plan.seconds,
    };
    const hot = await under(1, 3);
    const warm = await under(WARM_MAILBOXES, 6);
    return [
      row('one hot mailbox', '≤ 0.05, or 3 a second', hot, (each, aSecond) => {
        return each <= 0.05 || aSecond <= 3;
      }),
      row(`${WARM_MAILBOXES} warm mailboxes`, '≤ 0.5', warm, (each) => each <= 0.5),
      row('idle', '≤ 1 a second in all', idle, (_each, aSecond) => aSecond <= 1),
    ];
  });

/** How many statements about permits these processes have sent. */
export async function statementsOf(replicas: readonly ApiProcess[]): Promise<number> {
  const each = await Promise.all(replicas.map((replica) => replica.metric(METRIC)));
  return each.reduce((total, count) => total + count, 0);
}

function row(
  what: string,
  goal: string,
  { statements, requests, seconds }: Counted,
  holds: (each: number, aSecond: number) => boolean,
): Row {
  const [each, aSecond] = [statements / requests, statements / seconds];
  const perRequest = requests === 0 ? '' : `${each.toFixed(3)} for ${requests} requests, `;
  return {
    figure: `database statements per request without a key: ${what}`,
    goal,
    measured: `${perRequest}${aSecond.toFixed(1)} a second`,
    holds: holds(each, aSecond),
  };
}
