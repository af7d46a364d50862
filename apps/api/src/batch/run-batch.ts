import type { BatchPart } from './batch-request.ts';

/** How a part of a batch was answered. */
export interface BatchAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or text; undefined when there is none. */
  readonly body?: unknown;
}

/** As Graph writes it. */
export interface BatchResponse extends BatchAnswer {
  readonly id: string;
}

/**
 * Sends every part once those it depends on have succeeded, the others at the same time.
 *
 * @param parts without circles, as `readBatch` gives them
 * @param refuse answers a part after one that it depends on has failed
 * @returns in the order of `parts`
 */
export function runBatch(
  parts: readonly BatchPart[],
  send: (part: BatchPart) => Promise<BatchAnswer>,
  refuse: (part: BatchPart) => BatchAnswer,
): Promise<BatchResponse[]> {
  const running = new Map<string, Promise<BatchAnswer>>();
  const run = (part: BatchPart): Promise<BatchAnswer> => {
    const answer = running.get(part.id) ?? runAfterOthers(part);
    running.set(part.id, answer);
    return answer;
  };
  const runAfterOthers = async (part: BatchPart): Promise<BatchAnswer> => {
    const others = parts.filter(({ id }) => part.dependsOn.includes(id));
    const before = await Promise.all(others.map(run));
    return before.some(({ status }) => status >= 400) ? refuse(part) : send(part);
  };
  return Promise.all(parts.map(async (part) => ({ id: part.id, ...(await run(part)) })));
}
