/** Where processes tell each other what they did. */
export const CHANNEL = 'bookings_mailbox';

/** The database's time at the start of the statement, in milliseconds. */
export const CLOCK = `clock AS MATERIALIZED (
  SELECT (extract(epoch FROM statement_timestamp()) * 1000)::bigint AS now_ms)`;

/** How long a replica counts as waiting after it last said so. */
export const WAITS_MS = 6000;

/**
 * Times of the database may lie so far ahead and no further: a pause lasts a minute at most. What lies
 * further ahead was written before the clock was set back, and does not count.
 */
export const AHEAD_MS = 60_000;
/** The same for a recovery, which lasts longer than an attempt. It begins again then. */
export const RECOVERY_AHEAD_MS = 600_000;

/** What every reply has. The mailboxes come from `concerned (mailbox)`. */
export const REPLY = `
  (SELECT count(*) FROM mailbox_processes, clock
     WHERE seen_at_ms > now_ms - 600000 AND process <> $1)::int + 1 AS processes,
  (SELECT coalesce(json_agg(json_build_object(
     'mailbox', c.mailbox,
     'waiting', (SELECT coalesce(json_agg(json_build_object(
          'process', w.process, 'wanted', w.wanted, 'waitedMs', now_ms - w.since_ms,
          'held', (SELECT count(*) FROM mailbox_permits p
             WHERE p.mailbox = w.mailbox AND p.process = w.process AND p.lease_until_ms > now_ms)
        )), '[]') FROM mailbox_waiters w
        WHERE w.mailbox = c.mailbox AND w.process <> $1
          AND w.until_ms > now_ms AND w.until_ms <= now_ms + ${AHEAD_MS}),
     'heldElsewhere', (SELECT count(*) FROM mailbox_permits p
        WHERE p.mailbox = c.mailbox AND p.process <> $1 AND p.lease_until_ms > now_ms),
     'pauseMs', CASE WHEN s.paused_until_ms <= now_ms + ${AHEAD_MS}
        THEN s.paused_until_ms - now_ms ELSE 0 END,
     'loweredLimit', CASE WHEN s.lowered_at_ms <= now_ms + ${AHEAD_MS} THEN s.lowered_limit END,
     'loweredAgoMs', greatest(0, now_ms - s.lowered_at_ms)
   )), '[]') FROM concerned c CROSS JOIN clock LEFT JOIN mailbox_states s USING (mailbox)
  ) AS mailboxes`;
