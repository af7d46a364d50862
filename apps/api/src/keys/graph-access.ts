import { GraphError } from '@bookings/domain';
import { businessAdvice } from '../command-line/business-advice.ts';
import { tokenAdvice } from '../command-line/token-advice.ts';
import { readGraph } from '../config/config.ts';
import { type Environment, withoutFaults } from '../command-line/command-settings.ts';
import { reasonOf, tokenFailureIn } from '../graph/graph-check.ts';
import { OwnAccess } from '../graph/own-access.ts';
import { CommandError } from '../command-line/command-error.ts';

/**
 * Asks Graph as the process does for an application, and then closes the connections.
 *
 * @throws CommandError when a setting is wrong
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
    throw new CommandError(`no token for Graph: ${reasonOf(failure)}\n  ${advice}`);
  } finally {
    await graph.close();
  }
}

/** Why Graph could not be asked. Repeats no message of Graph's, which may name people. */
export function graphFault(error: unknown): { problem: string; advice: string } {
  if (error instanceof GraphError) return businessAdvice(error);
  return { problem: error instanceof Error ? error.message : String(error), advice: '' };
}
