import type { BatchPart } from './batch-request.ts';

/**
 * Sends every part once those it depends on have succeeded, the others at the same time.
 *
 * @param parts without circles, as `readBatch` gives them
 * @param refuse answers a part after one that it depends on has failed
 * @returns in the order of `parts`
 */
export function runBatch<Answer extends { readonly status: number }>(
  parts: readonly BatchPart[],
  send: (part: BatchPart) => Promise<Answer>,
  refuse: (part: BatchPart) => Answer,
): Promise<Answer[]> {
  const running = new Map<string, Promise<Answer>>();
  const run = (part: BatchPart): Promise<Answer> => {
    const answer = running.get(part.id) ?? runAfterOthers(part);
    running.set(part.id, answer);
    return answer;
  };
  const runAfterOthers = async (part: BatchPart): Promise<Answer> => {
    const others = parts.filter(({ id }) => part.dependsOn.includes(id));
    const before = await Promise.all(others.map(run));
    return before.some(({ status }) => status >= 400) ? refuse(part) : send(part);
  };
  return Promise.all(parts.map(run));
}
