import type { BatchPart } from './batch-request.ts';

/**
 * Sends the parts concurrently, each one after those that it depends on have succeeded.
 *
 * @param parts without circular dependencies, as `readBatch` returns them
 * @param refuse answers a part after a part that it depends on has failed
 * @returns in the order of `parts`
 */
export function runBatch<Response extends { readonly status: number }>(
  parts: readonly BatchPart[],
  send: (part: BatchPart) => Promise<Response>,
  refuse: (part: BatchPart) => Response,
): Promise<Response[]> {
  const running = new Map<string, Promise<Response>>();
  const run = (part: BatchPart): Promise<Response> => {
    const response = running.get(part.id) ?? runAfterDependencies(part);
    running.set(part.id, response);
    return response;
  };
  const runAfterDependencies = async (part: BatchPart): Promise<Response> => {
    const dependencies = parts.filter(({ id }) => part.dependsOn.includes(id));
    const before = await Promise.all(dependencies.map(run));
    return before.some(({ status }) => status >= 400) ? refuse(part) : send(part);
  };
  return Promise.all(parts.map(run));
}
