import type { Broker } from './broker.ts';

/** The pacts of this workspace, from its root. */
export const PACT_FILES = [
  'pacts/bookings-client-bookings-api.json',
  'pacts/bookings-api-microsoft-graph.json',
];

const PACTICIPANTS = ['bookings-client', 'bookings-api', 'microsoft-graph'];

/**
 * Tells the broker whose main branch is what, without which nobody can select by it. Not everybody
 * who may publish may do this: where it fails, that is said, and whoever administers the broker can
 * do it once.
 */
export async function introduce(broker: Broker): Promise<void> {
  for (const name of PACTICIPANTS) {
    const options = ['--name', name, '--main-branch', 'main'];
    const code = await broker.run('create-or-update-pacticipant', ...options);
    if (code === 0) continue;
    process.stderr.write(`The broker was not told that main is the main branch of ${name}.\n`);
  }
}
