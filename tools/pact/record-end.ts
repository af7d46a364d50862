// `npm run pact:record-end -- --from ENV [--of PACTICIPANT] [--version COMMIT]`: records at the broker
// that a release or a deployment has ended.
import { Broker } from './broker.ts';
import { CommandError, runCommand } from './command-error.ts';
import { endUse } from './end-of-use.ts';
import { commandOptions, environmentName } from './environment-option.ts';
import { commitOf, gitVersion } from './git-version.ts';
import { pacticipant } from './pacticipants.ts';

const USAGE = `Usage: npm run pact:record-end -- --from ENVIRONMENT [--of PACTICIPANT] [--version COMMIT]
  --of bookings-api      it is no longer deployed there (default)
  --of bookings-client   no service there uses the release of this commit any more
  --of microsoft-graph   no fake stands for Graph there any more
  --version COMMIT       the commit, or a tag of it, of a release; default this commit`;

await runCommand(async () => {
  const options = commandOptions(USAGE, {
    from: { type: 'string' },
    of: { type: 'string' },
    version: { type: 'string' },
  });
  const environment = environmentName('from', options.from, USAGE);
  const of = pacticipant(options.of ?? 'bookings-api', USAGE);
  if (of.kind === 'deployment' && options.version !== undefined) {
    throw new CommandError(`${of.name} has one deployment there: leave out --version\n${USAGE}`, 2);
  }
  const { version = gitVersion(process.env).commit } = options;
  const ending = of.kind === 'release' ? commitOf(version) : undefined;
  const broker = await Broker.connect(process.env);
  const ended = await endUse(broker, of, environment, ending);
  broker.say(`Ended the ${of.kind} of ${of.name} in ${environment}: ${ended.join(', ')}.\n`);
  return 0;
});
