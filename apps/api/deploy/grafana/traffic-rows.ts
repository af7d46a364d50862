import { type Row, ERROR_BUDGET, quantiles } from './panel.ts';
import { OPERATIONS, errorRatio, events, rate, total } from './queries.ts';

const REQUESTS: Row = {
  title: 'Requests',
  panels: [
    {
      title: 'Requests by operation and class of status',
      description: 'probe, unknown-path and other are no operations.',
      unit: 'reqps',
      queries: [
        {
          expr: rate('bookings_http_request_duration_seconds_count', 'operation, status_class'),
          legend: '{{operation}} {{status_class}}',
        },
      ],
    },
    {
      title: 'Requests by status',
      description: '499 means that the client disconnected.',
      unit: 'reqps',
      queries: [
        { expr: rate('bookings_http_requests_total', 'status', OPERATIONS), legend: '{{status}}' },
      ],
    },
    {
      title: 'Error ratio',
      description: 'Requests of operations with a 5xx. The line is the objective.',
      unit: 'percentunit',
      limit: ERROR_BUDGET,
      queries: ['5m', '1h', '6h'].map((time) => ({ expr: errorRatio(time), legend: time })),
    },
    {
      title: 'Latency',
      description: 'Of operations, from the headers to the end of the response.',
      unit: 's',
      queries: quantiles('bookings_http_request_duration_seconds', OPERATIONS),
    },
    {
      title: 'Requests in flight',
      description: 'Requests that have arrived and are not answered.',
      unit: 'short',
      queries: [{ expr: total('bookings_http_requests_in_flight'), legend: 'in flight' }],
    },
    {
      title: '429 by who made it',
      description: 'Of graph to an attempt, of proxy to a request.',
      unit: 'short',
      queries: [{ expr: events('bookings_throttled_total', 'by'), legend: '{{by}}' }],
    },
  ],
};

const GRAPH: Row = {
  title: 'Graph',
  panels: [
    {
      title: 'Attempts by class of status',
      description: 'lost without an answer, not-sent without a connection.',
      unit: 'reqps',
      queries: [{ expr: rate('bookings_graph_attempts_total', 'result'), legend: '{{result}}' }],
    },
    {
      title: 'Latency of Graph',
      description: 'From the first attempt to the last response, with pauses.',
      unit: 's',
      queries: quantiles('bookings_graph_request_duration_seconds'),
    },
    {
      title: 'Unexpected members of responses',
      description: 'Since the start: unknown to the model, or expected and missing.',
      unit: 'short',
      queries: [
        {
          expr: total('bookings_graph_unexpected_members_total', 'member, difference'),
          legend: '{{member}} {{difference}}',
        },
      ],
    },
    {
      title: 'Repeats that were refused, and names that were corrected',
      description: 'Repeats are refused when the process has repeated too many.',
      unit: 'short',
      queries: [
        { expr: events('bookings_graph_repeats_refused_total'), legend: 'repeats refused' },
        {
          expr: events('bookings_display_name_corrections_total', 'result'),
          legend: 'name {{result}}',
        },
      ],
    },
  ],
};

const MAILBOXES: Row = {
  title: 'Mailboxes',
  panels: [
    {
      title: 'Places and requests that wait',
      description: 'Of all mailboxes. A mailbox has four places.',
      unit: 'short',
      queries: [
        { expr: total('bookings_mailbox_places_in_use'), legend: 'places in use' },
        { expr: total('bookings_mailbox_waiting'), legend: 'waiting' },
      ],
    },
    {
      title: 'Wait for a place',
      description: 'How long attempts waited at their mailbox.',
      unit: 's',
      queries: quantiles('bookings_mailbox_queue_duration_seconds'),
    },
    {
      title: 'Refusals by reason',
      description: 'Requests answered with 429 instead of a place.',
      unit: 'short',
      queries: [
        { expr: events('bookings_mailbox_refusals_total', 'reason'), legend: '{{reason}}' },
      ],
    },
    {
      title: 'Pauses and lowered limits',
      description: 'What Graph has asked for with 429.',
      unit: 'short',
      queries: [
        { expr: events('bookings_mailbox_pauses_total'), legend: 'pauses' },
        { expr: total('bookings_mailbox_lowered_limits'), legend: 'lowered limits' },
      ],
    },
    {
      title: 'Permits',
      description: 'Held of the limit that processes share, with postgres://.',
      unit: 'short',
      queries: [
        { expr: total('bookings_mailbox_permits_held', 'instance'), legend: 'held {{instance}}' },
        { expr: events('bookings_mailbox_permit_hand_overs_total'), legend: 'handed over' },
        { expr: events('bookings_mailbox_permit_statements_total'), legend: 'statements' },
      ],
    },
    {
      title: 'Processes by the way they use mailboxes',
      description: 'All should be shared with postgres://. With sqlite: there is none.',
      unit: 'short',
      queries: [{ expr: total('bookings_mailbox_permit_mode', 'mode'), legend: '{{mode}}' }],
    },
  ],
};

/** What callers and Graph do. */
export const TRAFFIC_ROWS: readonly Row[] = [REQUESTS, GRAPH, MAILBOXES];
