import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the mailboxes of the process hold now. */
export interface MailboxOccupancy {
  readonly placesInUse: number;
  readonly waiting: number;
  readonly loweredLimits: number;
}

/** In seconds: most requests do not wait, and none waits longer than its deadline. */
const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30];
const ATTEMPT_RESULTS = ['2xx', '3xx', '4xx', '5xx', 'lost', 'not-sent'];
const EMPTY: MailboxOccupancy = { placesInUse: 0, waiting: 0, loweredLimits: 0 };

/** What happens between the proxy and Graph, over all mailboxes. */
export class UpstreamMetrics {
  /** Where the gauges read. */
  occupancy: () => MailboxOccupancy = () => EMPTY;

  readonly queueDuration: Histogram;
  readonly refusals: Counter<'reason'>;
  readonly pauses: Counter;
  readonly throttled: Counter<'by'>;
  readonly attempts: Counter<'result'>;
  readonly repeatsRefused: Counter;
  readonly unexpectedMembers: Counter<'member' | 'difference'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.queueDuration = new Histogram({
      name: 'bookings_mailbox_queue_duration_seconds',
      help: 'How long each attempt waited for a place at its mailbox.',
      buckets: BUCKETS,
      registers,
    });
    this.refusals = new Counter({
      name: 'bookings_mailbox_refusals_total',
      help: 'Requests that got no place at their mailbox and were answered with 429, by reason.',
      labelNames: ['reason'],
      registers,
    });
    this.pauses = new Counter({
      name: 'bookings_mailbox_pauses_total',
      help: 'Pauses of a mailbox that Graph has asked for with 429 and Retry-After.',
      registers,
    });
    this.throttled = new Counter({
      name: 'bookings_throttled_total',
      help: 'Answers with 429: those of Graph to attempts of the proxy, and those that the proxy made.',
      labelNames: ['by'],
      registers,
    });
    this.attempts = new Counter({
      name: 'bookings_graph_attempts_total',
      help: 'Attempts at Graph by the class of the status, or lost or not-sent without an answer.',
      labelNames: ['result'],
      registers,
    });
    this.repeatsRefused = new Counter({
      name: 'bookings_graph_repeats_refused_total',
      help: 'Attempts that were not repeated, because the process has repeated too many.',
      registers,
    });
    this.unexpectedMembers = new Counter({
      name: 'bookings_graph_unexpected_members_total',
      help: 'Responses of Graph with a member that the model does not know, or without an expected one.',
      labelNames: ['member', 'difference'],
      registers,
    });
    for (const result of ATTEMPT_RESULTS) this.attempts.inc({ result }, 0);
    for (const by of ['graph', 'proxy']) this.throttled.inc({ by }, 0);
    this.#gauge(registry, 'bookings_mailbox_places_in_use', PLACES, (now) => now.placesInUse);
    this.#gauge(registry, 'bookings_mailbox_waiting', WAITING, (now) => now.waiting);
    this.#gauge(registry, 'bookings_mailbox_lowered_limits', LOWERED, (now) => now.loweredLimits);
  }

  #gauge(
    registry: Registry,
    name: string,
    help: string,
    read: (now: MailboxOccupancy) => number,
  ): void {
    const now = () => read(this.occupancy());
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(now());
      },
    });
  }
}

const PLACES =
  'Places taken at all mailboxes: attempts in flight, and those given up that Graph may still work on.';
const WAITING = 'Requests that wait for a place at their mailbox.';
const LOWERED = 'Mailboxes for which Graph has taught a lower limit than MAILBOX_CONCURRENCY.';
