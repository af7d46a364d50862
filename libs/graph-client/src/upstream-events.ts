import type { LimiterEvents } from './mailbox-limiter/place.ts';
import type { MemberEvents } from './member-check.ts';
import type { SendEvents } from './retry/send.ts';

/** What happens on the way to Graph, for metrics. Implementations never throw. */
export interface UpstreamEvents extends LimiterEvents, SendEvents, MemberEvents {}

const ignore = (): void => undefined;

export const NO_EVENTS: UpstreamEvents = {
  admitted: ignore,
  refused: ignore,
  paused: ignore,
  attempted: ignore,
  throttled: ignore,
  repeatRefused: ignore,
  membersDiffer: ignore,
};
