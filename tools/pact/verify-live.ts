// `npm run pact:verify-live`: verifies the contract with Graph against a real tenant. Lists skipped
// interactions and deletes the customers that it created, also when a signal stops it.
import { once } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { interactionsIn, pactFile, verify } from '@bookings/contracts';
import { liveSettings, type LiveSettings, LiveSettingsError } from './live-settings.ts';
import { LiveTenant } from './live-tenant.ts';
import { helpIfAsked } from '../usage.ts';

helpIfAsked(`Usage: npm run pact:verify-live
GRAPH_LIVE_BUSINESS and the other settings that begin with GRAPH_LIVE_ name the tenant.`);

const say = (text: string) => process.stdout.write(`${text}\n`);
const complaints = new Set<string>();
/** Writes a complaint once. */
const complain = (text: string) => {
  if (!complaints.has(text)) process.stderr.write(`${text}\n`);
  complaints.add(text);
};
const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** How long a request that was sent may still take after a signal. */
const STOP_MS = 5000;

const stopping = new AbortController();
let stoppedBy: NodeJS.Signals | undefined;
const stop = (signal: NodeJS.Signals) => {
  stoppedBy ??= signal;
  stopping.abort(new Error(`Stopped by ${stoppedBy}.`));
};

/** Resolves some time after a signal. */
async function stopped(): Promise<void> {
  await once(stopping.signal, 'abort');
  await sleep(STOP_MS);
}

/** Deletes the created customers, and names what may be left. */
async function cleanUp({ created }: LiveTenant, business: string): Promise<void> {
  for (const id of await created.delete()) {
    complain(`The customer ${id} in ${business} could not be deleted; delete it by hand.`);
  }
  if (created.unknown === 0) return;
  complain(
    `Creates in ${business} whose answer did not name a customer: ${created.unknown}. Look for their customers by hand.`,
  );
}

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
  const tenant = new LiveTenant(settings, token, stopping.signal);
  const only = interactions.filter(({ states }) => tenant.unsupportedReason(states) === undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const verification = verify({
    provider: 'microsoft-graph',
    pacts: { file, only: only.map(({ description }) => description) },
    states: tenant.states,
    onRequest: (request) => {
      tenant.prepare(request);
    },
    onResponse: (response, request) => {
      tenant.record(response, request);
    },
  });
  const failures = await Promise.race([verification, stopped()]).then(() => undefined, reasonOf);
  if (stoppedBy !== undefined) {
    // At once, because another signal, or the end of the grace of `run.mjs`, may kill the process.
    await cleanUp(tenant, settings.business);
    // The process cannot end while Pact waits for a response, which may name another customer.
    await verification.catch(reasonOf);
  }
  await cleanUp(tenant, settings.business);
  if (stoppedBy !== undefined) {
    complain(`Stopped by ${stoppedBy}.`);
    return 128 + constants.signals[stoppedBy];
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
