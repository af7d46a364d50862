// `npm run pact:record-deployment -- --to ENV [--of PACTICIPANT]`: records at the broker
// what is deployed.
import { Broker } from './broker.ts';
import { CommandError, runCommand } from './command-error.ts';
import { environmentOption } from './environment-option.ts';
import { fakeVersion, gitVersion } from './git-version.ts';

const USAGE = `Usage: npm run pact:record-deployment -- --to ENVIRONMENT [--of PACTICIPANT]
  --of bookings-api      this commit was deployed (if nothing is said)
  --of bookings-client   this commit was released as a package: others stay in use beside it
  --of microsoft-graph   the fake of this commit stands for Graph there`;

type Recording = readonly [command: string, version: (commit: string) => string];
const RECORDINGS: Readonly<Record<string, Recording>> = {
  'bookings-api': ['record-deployment', (commit) => commit],
  'bookings-client': ['record-release', (commit) => commit],
  'microsoft-graph': ['record-deployment', fakeVersion],
};

await runCommand(async () => {
  const { to, of = 'bookings-api' } = environmentOption(USAGE);
  const recording = Object.hasOwn(RECORDINGS, of) ? RECORDINGS[of] : undefined;
  if (recording === undefined)
    throw new CommandError(`no pacticipant is called ${of}\n${USAGE}`, 2);
  const [command, version] = recording;
  const { commit } = gitVersion(process.env);
  const broker = await Broker.connect(process.env);
  const what = ['--pacticipant', of, '--version', version(commit), '--environment', to];
  return broker.run(command, ...what);
});
