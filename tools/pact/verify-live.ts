// `npm run pact:verify-live`: verifies the contract with Graph against a real tenant. Lists skipped
// interactions and deletes the customers that it created.
import { interactionsIn, pactFile, verify } from '@bookings/contracts';
import { liveSettings, type LiveSettings, LiveSettingsError } from './live-settings.ts';
import { LiveTenant } from './live-tenant.ts';
import { helpIfAsked } from '../usage.ts';

helpIfAsked(`Usage: npm run pact:verify-live
GRAPH_LIVE_BUSINESS and the other settings that begin with GRAPH_LIVE_ name the tenant.`);

const say = (text: string) => process.stdout.write(`${text}\n`);
const complain = (text: string) => process.stderr.write(`${text}\n`);
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function main(): Promise<number> {
  let settings: LiveSettings;
  try {
    settings = liveSettings(process.env);
  } catch (error) {
    if (!(error instanceof LiveSettingsError)) throw error;
    for (const fault of error.faults) complain(fault);
    return 78;
  }
  const token = await settings.token().catch((error: unknown) => {
    complain(`No token for Graph: ${reasonOf(error)}`);
    return undefined;
  });
  if (token === undefined) return 1;

  const file = pactFile('bookings-api', 'microsoft-graph');
  const interactions = interactionsIn(file);
  const tenant = new LiveTenant(settings, token);
  const only = interactions.filter(({ states }) => tenant.unsupportedReason(states) === undefined);
  const failures = await verify({
    provider: 'microsoft-graph',
    pacts: { file, only: only.map(({ description }) => description) },
    states: tenant.states,
    onRequest: (request) => {
      tenant.prepare(request);
    },
    onResponse: (response) => {
      tenant.recordCreated(response);
    },
  }).then(
    () => undefined,
    (error: unknown) => reasonOf(error),
  );
  for (const id of await tenant.deleteCreated()) {
    complain(`The customer ${id} in ${settings.business} could not be deleted; delete it by hand.`);
  }
  for (const { description, states } of interactions) {
    const reason = tenant.unsupportedReason(states);
    if (reason !== undefined) say(`Skipped: ${description} (${reason}).`);
  }
  if (failures !== undefined) complain(failures);
  const scope = `Verified ${settings.graphUrl} with ${only.length} of ${interactions.length} interactions`;
  say(`${scope}: ${failures === undefined ? 'all match' : 'not all match'}.`);
  return failures === undefined ? 0 : 1;
}

process.exit(await main());
