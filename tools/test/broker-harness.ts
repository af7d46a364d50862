import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { type Ended, ROOT, run } from './command.ts';
import { type BrokerBehaviour, RecordingBroker } from './recording-broker.ts';

/** A secret that no command may print. */
export const TOKEN = 'a-secret-token';

/** A folder with the pacts for each test. It is no repository before `repository()`. */
export let folder: string;
let broker: RecordingBroker | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pacts-'));
  cpSync(join(ROOT, 'pacts'), join(folder, 'pacts'), { recursive: true });
});
afterEach(async () => {
  await broker?.close();
  broker = undefined;
  rmSync(folder, { recursive: true });
});

export const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder },
  }).trim();

/** Makes the folder a repository with one commit. @returns the commit */
export function repository(branch = 'main'): string {
  git('init', '--quiet', '--initial-branch', branch);
  git('add', '.');
  git('commit', '--quiet', '--message', 'test: pacts');
  return git('rev-parse', 'HEAD');
}

/** Runs a command in the folder with a broker. */
export async function command(
  script: string,
  args: readonly string[] = [],
  behaviour: BrokerBehaviour = {},
  env: Readonly<Record<string, string>> = { PACT_BROKER_TOKEN: TOKEN },
): Promise<Ended & { readonly broker: RecordingBroker }> {
  broker = await RecordingBroker.start(behaviour);
  const settings = { PACT_BROKER_BASE_URL: broker.url, ...env };
  return { ...(await run(`pact/${script}.ts`, args, settings, folder)), broker };
}

export const lines = (text: string) => text.trim().split('\n');
