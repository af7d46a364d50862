import { after } from '../client.ts';
import type { Figure } from '../figure.ts';
import { Stage } from '../stage.ts';

const MAILBOXES = 20;
const GOAL = { perRequest: 1.2, aSecond: 10 };

/** One process while Graph answers 503 to everything. */
export const repeats: Figure = (plan) => {
  let sent = 0;
  const faultFor = () => {
    sent += 1;
    return { kind: 'status', status: 503, body: { error: { code: 'busy', message: '' } } } as const;
  };
  return Stage.with(plan, { faultFor }, async (stage) => {
    const [replica] = await stage.replicas(1);
    const url = replica?.url ?? '';
    const client = await stage.client();
    let number = 0;
    const next = () => ({ url, business: `mailbox-${(number += 1) % MAILBOXES}@contoso.com` });
    const answers = await client.keepSending(MAILBOXES, next, after(plan.seconds));
    const most = GOAL.perRequest * answers.length + GOAL.aSecond * plan.seconds;
    return [
      {
        figure: 'upstream requests for each client request while Graph answers 503',
        goal: '≤ 1.2 + 10 a second',
        measured: `${(sent / answers.length).toFixed(2)}: ${sent} for ${answers.length} in ${plan.seconds} s, at most ${most.toFixed(0)}`,
        holds: answers.length > 0 && sent <= most,
      },
    ];
  });
};
