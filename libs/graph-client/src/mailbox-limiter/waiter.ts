import { GraphError } from '@bookings/domain';
import { asError, type RequestDeadline } from '../transport/deadline.ts';
import { retryAfterSeconds } from '../transport/retry-after.ts';
import type { Clock } from './clock.ts';
import type { Place, RefusalReason } from './place.ts';

export interface LimiterRequest extends RequestDeadline {
  /** The calling application, for fairness between callers. */
  readonly caller: string;
  /** When it is too late to begin an attempt, in the time of the clock. */
  readonly lastStartAtMs: number;
  /** Whether an attempt was made before. It then goes before the other requests of its caller. */
  readonly isRepeat: boolean;
}

/** A request that waits for a place, until its deadline or until its client disconnects. */
export class Waiter {
  readonly place: Promise<Place>;
  readonly #result = Promise.withResolvers<Place>();
  readonly #stop: () => void;

  /** @param leave called when the request stops waiting without a place */
  constructor(
    readonly request: LimiterRequest,
    clock: Clock,
    leave: (waiter: Waiter) => void,
  ) {
    this.place = this.#result.promise;
    const { signal, lastStartAtMs } = request;
    const giveUp = (reason: unknown) => {
      leave(this);
      this.reject(asError(reason));
    };
    const abort = () => {
      giveUp(signal.reason);
    };
    const cancel = clock.after(lastStartAtMs - clock.now(), () => {
      giveUp(deadlinePassed());
    });
    signal.addEventListener('abort', abort);
    this.#stop = () => {
      cancel();
      signal.removeEventListener('abort', abort);
    };
  }

  grant(place: Place): void {
    this.#stop();
    this.#result.resolve(place);
  }

  reject(error: Error): void {
    this.#stop();
    this.#result.reject(error);
  }
}

const MESSAGES: Readonly<Record<RefusalReason, string>> = {
  'queue-full': 'Too many requests wait for this booking business.',
  deadline: 'The requests that wait for this booking business leave no time for this one.',
  paused: 'Graph has asked for a pause of the requests to this booking business.',
};

/** @param waitMs when a repeat would be served */
export function refusal(reason: RefusalReason, waitMs: number): GraphError {
  const headers = { 'Retry-After': retryAfterSeconds(waitMs) };
  return new GraphError('TooManyRequests', MESSAGES[reason], { headers });
}

function deadlinePassed(): GraphError {
  const message = 'The deadline passed while the request waited for this booking business.';
  return new GraphError('GatewayTimeout', message, { outcome: 'not-sent' });
}
