import type { UpstreamRequest } from './bookings-gateway.ts';

/**
 * Runs `work` with a separate attempt count, because the retry rule depends on that count. The
 * result is added to the trace of `request`. `beforeAttempt` does not apply to `work`.
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
