import type { UpstreamRequest } from '@bookings/domain';

/**
 * Does `work` with a request of its own: its attempts are counted by themselves, as what may be sent
 * again depends on them, and then added to those that were made before.
 */
export async function withSeparateAttempts<T>(
  { beforeAttempt: _, ...request }: UpstreamRequest,
  work: (request: UpstreamRequest) => Promise<T>,
): Promise<T> {
  if (request.trace.attempts === 0) return work(request);
  const trace = { attempts: 0, queuedMs: 0, upstreamMs: 0 };
  try {
    return await work({ ...request, trace });
  } finally {
    request.trace.attempts += trace.attempts;
    request.trace.queuedMs += trace.queuedMs;
    request.trace.upstreamMs += trace.upstreamMs;
  }
}
