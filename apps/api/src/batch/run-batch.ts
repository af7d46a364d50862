import type { BatchPart } from './batch-request.ts';

/**
 * Sends the parts concurrently, each one after those that it depends on have succeeded.
 *
 * @param parts without circular dependencies, as `readBatch` returns them
 * @param refuse answers a part after a part that it depends on has failed
 * @returns in the order of `parts`
 */
export function runBatch<Answer extends { readonly status: number }>(
  parts: readonly BatchPart[],
  send: (part: BatchPart) => Promise<Answer>,
  refuse: (part: BatchPart) => Answer,
): Promise<Answer[]> {
  const running = new Map<string, Promise<Answer>>();
  const run = (part: BatchPart): Promise<Answer> => {
    const answer = running.get(part.id) ?? runAfterDependencies(part);
    running.set(part.id, answer);
    return answer;
  };
  const runAfterDependencies = async (part: BatchPart): Promise<Answer> => {
    const dependencies = parts.filter(({ id }) => part.dependsOn.includes(id));
    const before = await Promise.all(dependencies.map(run));
    return before.some(({ status }) => status >= 400) ? refuse(part) : send(part);
  };
  return Promise.all(parts.map(run));
}
