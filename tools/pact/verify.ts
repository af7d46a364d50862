// `npm run pact:verify`: verifies both providers against the pacts that the broker has for them.
// The results are published from CI alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Broker } from './broker.ts';
import { Complaint, runCommand } from './complaint.ts';
import { noOptions } from './environment-option.ts';
import { fakeVersion, gitVersion } from './git-version.ts';
import { introduce } from './pacticipants.ts';

const PROVIDERS = [
  { provider: 'bookings-api', project: 'api', version: (commit: string) => commit },
  { provider: 'microsoft-graph', project: 'graph-fake', version: fakeVersion },
];

await runCommand(async () => {
  noOptions('Usage: npm run pact:verify');
  const { commit, branch } = gitVersion(process.env);
  const broker = await Broker.connect(process.env);
  const { PACT_URL = '' } = process.env;
  const asked = PROVIDERS.filter(
    ({ provider }) =>
      PACT_URL === '' || PACT_URL.startsWith(`${broker.url}/pacts/provider/${provider}/`),
  );
  if (asked.length === 0) {
    throw new Complaint(
      'PACT_URL must be the address of a pact with bookings-api or microsoft-graph in this broker',
    );
  }
  if (process.env['CI'] === 'true') await introduce(broker);
  let worst = 0;
  for (const { project, version } of asked) {
    const child = spawn('nx', ['run', `${project}:pact-verify-broker`, '--output-style=static'], {
      stdio: 'inherit',
      env: {
        ...broker.environment,
        // Pact reads this one by itself, and would verify everything beside the one pact.
        ...(PACT_URL !== '' && { PACT_BROKER_BASE_URL: undefined }),
        PACT_PROVIDER_VERSION: version(commit),
        PACT_PROVIDER_BRANCH: branch,
      },
    });
    await once(child, 'exit');
    worst ||= child.exitCode ?? 1;
  }
  return worst;
});
