import type { Row } from './panel.ts';
import { events, highest, rate, series, total } from './queries.ts';

const CREATES: Row = {
  title: 'Creates with a key',
  panels: [
    {
      title: 'Creates by outcome',
      description: 'Creates with an Idempotency-Key, and keys taken over from another process.',
      unit: 'reqps',
      queries: [
        { expr: rate('bookings_idempotency_creates_total', 'outcome'), legend: '{{outcome}}' },
        { expr: rate('bookings_idempotency_takeovers_total'), legend: 'taken over' },
      ],
    },
    {
      title: 'Lookups by result',
      description: 'After a lost answer, or under guard.',
      unit: 'short',
      queries: [
        { expr: events('bookings_idempotency_look_ups_total', 'result'), legend: '{{result}}' },
      ],
    },
    {
      title: 'Keys with an unknown outcome',
      description: 'Keys that no process is reconciling.',
      unit: 'short',
      limit: 1,
      queries: [{ expr: highest('bookings_idempotency_keys_unknown'), legend: 'unknown' }],
    },
  ],
};

const DEPENDENCIES: Row = {
  title: 'Store, audit, tokens and files',
  panels: [
    {
      title: 'Store up',
      description: '1 when the store has answered the scrape.',
      unit: 'short',
      queries: [{ expr: series('bookings_store_up'), legend: '{{instance}}' }],
    },
    {
      title: 'Latency of the store',
      description: 'Of the query for the metrics.',
      unit: 's',
      queries: [{ expr: series('bookings_store_query_seconds'), legend: '{{instance}}' }],
    },
    {
      title: 'Guard',
      description: 'How much longer the store is under guard after a restore.',
      unit: 's',
      queries: [{ expr: highest('bookings_idempotency_guard_seconds'), legend: 'under guard' }],
    },
    {
      title: 'Audit failures',
      description: 'Records that could not be written.',
      unit: 'short',
      queries: [{ expr: events('bookings_audit_failures_total', 'record'), legend: '{{record}}' }],
    },
    {
      title: 'Token requests',
      description: 'Requests for a token for Graph. Cached tokens need none.',
      unit: 'short',
      queries: [{ expr: events('bookings_token_requests_total', 'result'), legend: '{{result}}' }],
    },
    {
      title: 'Age of the key set',
      description: 'It is fetched every ten minutes.',
      unit: 's',
      limit: 1800,
      queries: [{ expr: series('bookings_key_set_age_seconds'), legend: '{{instance}}' }],
    },
    {
      title: 'Changes of the access file and of the credential',
      description: 'A version that failed is not in use.',
      unit: 'short',
      queries: [
        {
          expr: events('bookings_access_file_reloads_total', 'result'),
          legend: 'access {{result}}',
        },
        {
          expr: events('bookings_credential_file_reloads_total', 'result'),
          legend: 'credential {{result}}',
        },
      ],
    },
  ],
};

const PROCESSES: Row = {
  title: 'Processes',
  panels: [
    {
      title: 'Version',
      description: 'Processes by version.',
      unit: 'short',
      type: 'stat',
      queries: [{ expr: total('bookings_build_info', 'version'), legend: '{{version}}' }],
    },
    {
      title: 'Lag of the event loop',
      description: 'Of 99 % of the turns.',
      unit: 's',
      limit: 0.2,
      queries: [{ expr: series('nodejs_eventloop_lag_p99_seconds'), legend: '{{instance}}' }],
    },
    {
      title: 'Memory',
      description: 'Of the process, and the used part of its heap.',
      unit: 'bytes',
      queries: [
        { expr: series('process_resident_memory_bytes'), legend: '{{instance}}' },
        { expr: series('nodejs_heap_size_used_bytes'), legend: 'heap {{instance}}' },
      ],
    },
    {
      title: 'Processor',
      description: 'Seconds of processor time a second. Requests run on one core.',
      unit: 'short',
      queries: [{ expr: rate('process_cpu_seconds_total', 'instance'), legend: '{{instance}}' }],
    },
    {
      title: 'Time since the start',
      description: 'It falls to zero when a process starts again.',
      unit: 's',
      queries: [
        { expr: `time() - ${series('process_start_time_seconds')}`, legend: '{{instance}}' },
      ],
    },
  ],
};

/** What the processes keep, and what they depend on. */
export const STATE_ROWS: readonly Row[] = [CREATES, DEPENDENCIES, PROCESSES];
