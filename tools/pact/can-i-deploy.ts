// `npm run pact:can-i-deploy -- --to ENV [--of PACTICIPANT]`: checks whether this commit can be deployed,
// or released, to an environment.
import { Broker } from './broker.ts';
import { runCommand } from './command-error.ts';
import { canIDeploy } from './deployability.ts';
import { commandOptions, environmentName } from './environment-option.ts';
import { gitVersion } from './git-version.ts';
import { pacticipant } from './pacticipants.ts';

const USAGE = `Usage: npm run pact:can-i-deploy -- --to ENVIRONMENT [--of PACTICIPANT]
  --of bookings-api      may this commit be deployed, with the fake of this commit for Graph? (default)
  --of bookings-client   may this commit be released as a package?
  --of microsoft-graph   may the fake of this commit stand for Graph there?`;

await runCommand(async () => {
  const options = commandOptions(USAGE, { to: { type: 'string' }, of: { type: 'string' } });
  const environment = environmentName('to', options.to, USAGE);
  const of = pacticipant(options.of ?? 'bookings-api', USAGE);
  const { commit } = gitVersion(process.env);
  const broker = await Broker.connect(process.env);
  return (await canIDeploy(broker, of, commit, environment)) ? 0 : 1;
});
