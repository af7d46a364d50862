import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The three that have contracts with each other. */
export type Pacticipant = 'bookings-api' | 'bookings-client' | 'microsoft-graph';

/** Where the pacts of this workspace lie, generated and committed. */
export const PACTS_FOLDER = fileURLToPath(new URL('../../../pacts', import.meta.url));

export function pactFile(consumer: Pacticipant, provider: Pacticipant): string {
  return join(PACTS_FOLDER, `${consumer}-${provider}.json`);
}

/** What the interactions of a pact file are called, in its order. */
export function descriptionsIn(file: string): string[] {
  return interactionsIn(readPact(file)).map(descriptionOf);
}

/**
 * Calls `use` with a pact file that has one interaction of `file` and nothing else.
 *
 * @throws TypeError when there is none of this description
 */
export async function withInteraction<T>(
  file: string,
  description: string,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const pact = readPact(file);
  const interactions = interactionsIn(pact).filter((each) => descriptionOf(each) === description);
  if (interactions.length !== 1) {
    throw new TypeError(`${file} has ${interactions.length} interactions "${description}"`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'pact-'));
  try {
    const single = join(folder, 'pact.json');
    writeFileSync(single, JSON.stringify({ ...pact, interactions }));
    return await use(single);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readPact(file: string): object {
  const pact: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof pact === 'object' && pact !== null) return pact;
  throw new TypeError(`${file} is no pact`);
}

function interactionsIn(pact: object): unknown[] {
  return 'interactions' in pact && Array.isArray(pact.interactions) ? pact.interactions : [];
}

function descriptionOf(interaction: unknown): string {
  const named = typeof interaction === 'object' && interaction && 'description' in interaction;
  return named ? String(interaction.description) : '';
}
