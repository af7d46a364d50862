// `npm run pact:record-deployment -- --to ENV [--of PACTICIPANT] [--force]`: records at the broker what
// is deployed or released.
import { Broker } from './broker.ts';
import { CommandError, runCommand } from './command-error.ts';
import { canIDeploy, requireEnvironment, requireVersion } from './deployability.ts';
import { commandOptions, environmentName } from './environment-option.ts';
import { gitVersion } from './git-version.ts';
import { pacticipant } from './pacticipants.ts';
import { runPactBroker } from './pact-tools.ts';

const USAGE = `Usage: npm run pact:record-deployment -- --to ENVIRONMENT [--of PACTICIPANT] [--force]
  --of bookings-api      this commit was deployed (default)
  --of bookings-client   this commit was released as a package: others stay in use beside it
  --of microsoft-graph   the fake of this commit stands for Graph there
  --force                record what is in use there although can-i-deploy says no`;

await runCommand(async () => {
  const options = commandOptions(USAGE, {
    to: { type: 'string' },
    of: { type: 'string' },
    force: { type: 'boolean' },
  });
  const environment = environmentName('to', options.to, USAGE);
  const of = pacticipant(options.of ?? 'bookings-api', USAGE);
  const { commit } = gitVersion(process.env);
  const broker = await Broker.connect(process.env);
  if (options.force === true) {
    await requireEnvironment(broker, environment);
    await requireVersion(broker, of, commit);
    broker.say('can-i-deploy is not asked, because of --force.\n');
  } else if (!(await canIDeploy(broker, of, commit, environment))) {
    throw new CommandError(
      `${of.name} is not recorded, because can-i-deploy says no to ${environment}: mend what it names, or add --force if this version is in use there`,
    );
  }
  const version = ['--pacticipant', of.name, '--version', of.version(commit)];
  return runPactBroker(broker, `record-${of.kind}`, ...version, '--environment', environment);
});
