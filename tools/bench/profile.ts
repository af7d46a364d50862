import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './load.ts';
import { passingFolder } from './passing-folder.ts';
import { Placement } from './placement.ts';
import { type Share, sumProfile } from './profile-sum.ts';
import { number } from './report.ts';
import { scenarios } from './scenarios.ts';
import { Stand } from './stand.ts';
import { TokenMaker } from './tokens.ts';

const SECONDS = 20;
const MOST = 30;

/** Where the time of a create goes in the production build, by function and by package. */
export async function profile(
  port: number,
  flags: readonly string[],
  say: (text: string) => void,
): Promise<void> {
  const folder = passingFolder('profile');
  const tokens = await TokenMaker.create();
  const stand = new Stand(Placement.take(), port, tokens.keySet, flags);
  const upstream = await stand.upstream();
  const proxy = await stand.profiledProxy(1, folder);
  const [create] = await scenarios(tokens, { long: false, perSecond: 1 });
  if (!create) throw new Error('nothing to measure');
  const load = { ...create.load, warmSeconds: 0, seconds: SECONDS };
  await run(proxy.port, load, await create.requests(0), () => undefined);
  await Promise.all([proxy.stop(), upstream.stop()]);
  // The thread that writes to SQLite leaves one of its own, with less in it.
  const [largest] = readdirSync(folder)
    .map((name) => join(folder, name))
    .sort((one, other) => statSync(other).size - statSync(one).size);
  if (largest === undefined) throw new Error('the process left no profile');
  const { functions, packages, withCalled } = sumProfile(largest);
  say(`creates with one token, saturated, from the start of the process for ${SECONDS} s`);
  say(`\nself time by package\n${text(packages)}`);
  say(`\ntime by package, with what it called\n${text(withCalled)}`);
  say(`\nself time by function\n${text(functions)}`);
}

function text(list: readonly Share[]): string {
  const line = ({ name, share }: Share) => `${number(share * 100, 1).padStart(5)} %  ${name}`;
  return list.slice(0, MOST).map(line).join('\n');
}
