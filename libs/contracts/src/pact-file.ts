import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The parties of the contracts. */
export type Pacticipant = 'bookings-api' | 'bookings-client' | 'microsoft-graph';

/** The folder of the pacts, which are generated and committed. */
export const PACTS_FOLDER = fileURLToPath(new URL('../../../pacts', import.meta.url));

export function pactFile(consumer: Pacticipant, provider: Pacticipant): string {
  return join(PACTS_FOLDER, `${consumer}-${provider}.json`);
}

/** The names of an interaction and of its provider states. */
export interface Interaction {
  readonly description: string;
  readonly states: readonly string[];
}

/** The interactions of a pact file, in the order of the file. */
export function interactionsIn(file: string): Interaction[] {
  return listed(read(file), 'interactions').map((each) => ({
    description: text(each, 'description'),
    states: listed(each, 'providerStates').map((state) => text(state, 'name')),
  }));
}

/**
 * Calls `use` with a copy of the pact file that has only these interactions.
 *
 * @throws TypeError if an interaction is missing from `file`
 */
export async function withInteractions<T>(
  file: string,
  descriptions: readonly string[],
  use: (file: string) => Promise<T>,
): Promise<T> {
  const pact = read(file);
  const interactions = descriptions.map((description) => {
    const found = listed(pact, 'interactions').filter(
      (each) => text(each, 'description') === description,
    );
    if (found.length === 1) return found[0];
    throw new TypeError(`${file} has ${found.length} interactions "${description}".`);
  });
  const folder = mkdtempSync(join(tmpdir(), 'pact-'));
  try {
    const part = join(folder, 'pact.json');
    writeFileSync(part, JSON.stringify(Object.assign({}, pact, { interactions })));
    return await use(part);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function listed(value: unknown, name: string): readonly unknown[] {
  const list: unknown = member(value, name);
  return Array.isArray(list) ? list : [];
}

function text(value: unknown, name: string): string {
  return String(member(value, name));
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
