import { GraphError } from '@bookings/domain';
import { businessAdvice } from '../command-line/business-advice.ts';
import { tokenAdvice } from '../command-line/token-advice.ts';
import { readGraph } from '../config/config.ts';
import { type SettingFault, SettingReader } from '../config/setting-reader.ts';
import { reasonOf, tokenFailureIn } from '../graph/graph-check.ts';
import { OwnAccess } from '../graph/own-access.ts';
import { KeysCommandError } from './keys-command-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws KeysCommandError that names every fault */
export function withoutFaults<T>(env: Environment, read: (reader: SettingReader) => T): T {
  const reader = new SettingReader(env);
  const config = read(reader);
  if (reader.faults.length > 0) throw new KeysCommandError(reader.faults.map(lineOf).join('\n'));
  return config;
}

function lineOf({ key, wrong, expected }: SettingFault): string {
  return `${key} ${wrong}; expected: ${expected}`;
}

/**
 * Asks Graph as the process does for an application, and then closes the connections.
 *
 * @throws KeysCommandError when a setting is wrong
 */
export async function withGraph<T>(
  env: Environment,
  ask: (graph: OwnAccess, deadlineMs: number) => Promise<T>,
): Promise<T> {
  const config = withoutFaults(env, readGraph);
  const graph = new OwnAccess(config);
  try {
    await graph.acquireToken();
    return await ask(graph, config.deadlineMs);
  } catch (error) {
    const failure = tokenFailureIn(error);
    if (!failure) throw error;
    const advice = tokenAdvice(failure, config.credential.kind);
    throw new KeysCommandError(`no token for Graph: ${reasonOf(failure)}\n  ${advice}`);
  } finally {
    await graph.close();
  }
}

/** Why Graph could not be asked. Repeats no message of Graph's, which may name people. */
export function graphFault(error: unknown): { problem: string; advice: string } {
  if (error instanceof GraphError) return businessAdvice(error);
  return { problem: error instanceof Error ? error.message : String(error), advice: '' };
}
