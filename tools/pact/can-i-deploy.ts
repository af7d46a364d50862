// `npm run pact:can-i-deploy -- --to ENV`: whether this commit of the API goes with what is there.
import { Broker } from './broker.ts';
import { Complaint, runCommand } from './complaint.ts';
import { environmentOption } from './environment-option.ts';
import { gitVersion } from './git-version.ts';

const USAGE = 'Usage: npm run pact:can-i-deploy -- --to ENVIRONMENT';

await runCommand(async () => {
  const { to, of } = environmentOption(USAGE);
  if (of !== undefined) throw new Complaint(`bookings-api alone is deployed\n${USAGE}`, 2);
  const { commit } = gitVersion(process.env);
  const broker = await Broker.connect(process.env);
  const version = ['--pacticipant', 'bookings-api', '--version', commit];
  return broker.run('can-i-deploy', ...version, '--to-environment', to);
});
