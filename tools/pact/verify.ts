// `npm run pact:verify`: verifies both providers against their pacts in the broker. Only CI publishes
// the results.
import { fileURLToPath } from 'node:url';
import { BrokerRelay } from './broker-relay.ts';
import { Broker } from './broker.ts';
import { runChild } from './child-process.ts';
import { CommandError, runCommand } from './command-error.ts';
import { commandOptions } from './environment-option.ts';
import { fakeVersion, gitVersion } from './git-version.ts';
import { toolEnvironment } from './pact-tools.ts';
import { setMainBranches } from './pacticipants.ts';
import { VerificationSummary } from './verification-summary.ts';
import { verifyTimeoutMs, whyLocal } from './verify-settings.ts';

const PROVIDERS = [
  { provider: 'bookings-api', folder: 'apps/api', version: (commit: string) => commit },
  { provider: 'microsoft-graph', folder: 'libs/graph-fake', version: fakeVersion },
];
/** As in the Nx target of the other contract tests. */
const NODE_OPTIONS =
  '--experimental-vm-modules --disable-warning=ExperimentalWarning --disable-warning=DEP0060';

await runCommand(async () => {
  commandOptions('Usage: npm run pact:verify', {});
  const { commit, branch } = gitVersion(process.env);
  const limitMs = verifyTimeoutMs(process.env);
  const broker = await Broker.connect(process.env, limitMs);
  const { PACT_URL = '' } = process.env;
  const pact = PACT_URL === '' ? undefined : broker.pathOf(PACT_URL);
  const selected = PROVIDERS.filter(
    ({ provider }) =>
      pact === undefined ||
      (PACT_URL.startsWith(`${broker.url}/`) && pact.startsWith(`/pacts/provider/${provider}/`)),
  );
  if (selected.length === 0) {
    throw new CommandError(
      'PACT_URL must be the address of a pact with bookings-api or microsoft-graph in this broker',
    );
  }
  const local = whyLocal(process.env);
  if (local === undefined) await setMainBranches(broker);
  const last: string[] = [];
  let failed = false;
  for (const { provider, folder, version } of selected) {
    const summary = new VerificationSummary(broker);
    const relay = await BrokerRelay.start(broker, {
      writes: local === undefined ? 'tried' : 'withheld',
      onExchange: summary.add,
    });
    const print = (line: string) => {
      broker.say(`${line.replaceAll(relay.url, broker.url)}\n`);
    };
    const code = await runChild('jest', ['--selectProjects', 'broker'], {
      cwd: fileURLToPath(new URL(`../../${folder}`, import.meta.url)),
      env: {
        ...toolEnvironment(),
        NODE_OPTIONS,
        PACT_RELAY_URL: relay.url,
        PACT_RELAY_TOKEN: relay.token,
        PACT_URL: pact === undefined ? undefined : relay.url + pact,
        PACT_PROVIDER_VERSION: version(commit),
        PACT_PROVIDER_BRANCH: branch,
      },
      signal: AbortSignal.any([broker.late, relay.broken]),
      onOutput: print,
      onError: print,
    });
    await relay.close();
    const problem = broker.late.aborted
      ? `because both took longer than PACT_VERIFY_TIMEOUT_MS, ${limitMs}`
      : relay.failure?.message;
    const passed = code === 0 && problem === undefined;
    last.push(summary.line(`${provider} ${version(commit)}`, passed, problem, local));
    failed ||= !passed || (local === undefined && !summary.isPublished);
  }
  broker.say(last.join(''));
  return failed ? 1 : 0;
});
