// `npm run pact:can-i-deploy -- --to ENV`: checks whether this commit of the API can
// be deployed to an environment.
import { Broker } from './broker.ts';
import { CommandError, runCommand } from './command-error.ts';
import { environmentOption } from './environment-option.ts';
import { gitVersion } from './git-version.ts';

const USAGE = 'Usage: npm run pact:can-i-deploy -- --to ENVIRONMENT';

await runCommand(async () => {
  const { to, of } = environmentOption(USAGE);
  if (of !== undefined) throw new CommandError(`only bookings-api is deployed\n${USAGE}`, 2);
  const { commit } = gitVersion(process.env);
  const broker = await Broker.connect(process.env);
  const version = ['--pacticipant', 'bookings-api', '--version', commit];
  return broker.run('can-i-deploy', ...version, '--to-environment', to);
});
