import type { Broker } from './broker.ts';

/** The pacts of this workspace, from its root. */
export const PACT_FILES = [
  'pacts/bookings-client-bookings-api.json',
  'pacts/bookings-api-microsoft-graph.json',
];

const PACTICIPANTS = ['bookings-client', 'bookings-api', 'microsoft-graph'];

/**
 * Sets the main branches at the broker, which selectors need. The credentials may not permit this:
 * then a warning is printed, and an administrator of the broker can do it once.
 */
export async function setMainBranches(broker: Broker): Promise<void> {
  for (const name of PACTICIPANTS) {
    const options = ['--name', name, '--main-branch', 'main'];
    const code = await broker.run('create-or-update-pacticipant', ...options);
    if (code === 0) continue;
    process.stderr.write(`The main branch of ${name} could not be set at the broker.\n`);
  }
}
