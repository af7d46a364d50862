// `npm run pact:verify`: verifies both providers against their pacts in the broker. Only CI publishes
// the results.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Broker } from './broker.ts';
import { CommandError, runCommand } from './command-error.ts';
import { noOptions } from './environment-option.ts';
import { fakeVersion, gitVersion } from './git-version.ts';
import { setMainBranches } from './pacticipants.ts';

const PROVIDERS = [
  { provider: 'bookings-api', project: 'api', version: (commit: string) => commit },
  { provider: 'microsoft-graph', project: 'graph-fake', version: fakeVersion },
];

await runCommand(async () => {
  noOptions('Usage: npm run pact:verify');
  const { commit, branch } = gitVersion(process.env);
  const broker = await Broker.connect(process.env);
  const { PACT_URL = '' } = process.env;
  const selected = PROVIDERS.filter(
    ({ provider }) =>
      PACT_URL === '' || PACT_URL.startsWith(`${broker.url}/pacts/provider/${provider}/`),
  );
  if (selected.length === 0) {
    throw new CommandError(
      'PACT_URL must be the address of a pact with bookings-api or microsoft-graph in this broker',
    );
  }
  if (process.env['CI'] === 'true') await setMainBranches(broker);
  let worst = 0;
  for (const { project, version } of selected) {
    const child = spawn('nx', ['run', `${project}:pact-verify-broker`, '--output-style=static'], {
      stdio: 'inherit',
      env: {
        ...broker.environment,
        // Pact reads both variables: the other one would name more pacts than are asked for.
        ...(PACT_URL === '' ? { PACT_URL: undefined } : { PACT_BROKER_BASE_URL: undefined }),
        PACT_PROVIDER_VERSION: version(commit),
        PACT_PROVIDER_BRANCH: branch,
      },
    });
    await once(child, 'exit');
    worst ||= child.exitCode ?? 1;
  }
  return worst;
});
