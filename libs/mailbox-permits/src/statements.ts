import { AHEAD_MS, CHANNEL, CLOCK, RECOVERY_AHEAD_MS, REPLY, WAITS_MS } from './shared-sql.ts';

/**
 * Parameters: process, connection, lease ms, recovery ms, the held permits (mailboxes, slots, fences),
 * and what it waits for (mailboxes, wanted).
 *
 * When no process was seen for a whole lease, the database was away, and processes may use their own
 * shares. Then the recovery begins.
 */
export const CONTACT = `
  WITH ${CLOCK},
  known AS (SELECT * FROM unnest($5::text[], $6::int[], $7::bigint[]) AS k (mailbox, slot, fence)),
  wants AS (SELECT * FROM unnest($8::text[], $9::int[]) AS w (mailbox, wanted)),
  concerned AS (SELECT mailbox FROM known UNION SELECT mailbox FROM wants),
  renewed AS (
    UPDATE mailbox_permits p SET lease_until_ms = now_ms + $3::bigint, connection = $2
    FROM known k, clock
    WHERE p.mailbox = k.mailbox AND p.slot = k.slot AND p.fence = k.fence AND p.process = $1
      AND p.lease_until_ms > now_ms
    RETURNING p.mailbox, p.slot, p.fence),
  left_over AS (
    DELETE FROM mailbox_permits p
    WHERE p.process = $1 AND p.connection < $2
      AND NOT EXISTS (SELECT FROM known k
        WHERE k.mailbox = p.mailbox AND k.slot = p.slot AND k.fence = p.fence)),
  waiting AS (
    INSERT INTO mailbox_waiters (mailbox, process, wanted, since_ms, until_ms)
    SELECT mailbox, $1, wanted, now_ms, now_ms + ${WAITS_MS} FROM wants, clock
    ON CONFLICT (mailbox, process)
      DO UPDATE SET wanted = excluded.wanted, until_ms = excluded.until_ms),
  satisfied AS (
    DELETE FROM mailbox_waiters
    WHERE process = $1 AND mailbox NOT IN (SELECT mailbox FROM wants)),
  away AS (
    SELECT now_ms FROM clock
    WHERE (SELECT max(seen_at_ms) FROM mailbox_processes WHERE seen_at_ms <= now_ms + ${AHEAD_MS})
        < now_ms - $3::bigint
      OR (SELECT until_ms FROM mailbox_recovery) > now_ms + $4::bigint + ${RECOVERY_AHEAD_MS}),
  recovery AS (
    INSERT INTO mailbox_recovery (id, until_ms) SELECT 1, now_ms + $4::bigint FROM away
    ON CONFLICT (id) DO UPDATE SET until_ms = excluded.until_ms
      WHERE mailbox_recovery.until_ms <= excluded.until_ms - $4::bigint
        OR mailbox_recovery.until_ms > excluded.until_ms + ${RECOVERY_AHEAD_MS}
    RETURNING until_ms),
  told AS (
    SELECT pg_notify('${CHANNEL}', json_build_object(
      'kind', 'recovering', 'process', $1::text, 'forMs', $4::bigint)::text) FROM recovery),
  seen AS (
    INSERT INTO mailbox_processes (process, seen_at_ms) SELECT $1, now_ms FROM clock
    ON CONFLICT (process) DO UPDATE SET seen_at_ms = excluded.seen_at_ms)
  SELECT
    (SELECT count(*) FROM told) AS messages,
    (SELECT coalesce(json_agg(json_build_object('mailbox', mailbox, 'slot', slot, 'fence', fence)),
      '[]') FROM renewed) AS renewed,
    (coalesce((SELECT until_ms FROM recovery), (SELECT until_ms FROM mailbox_recovery), now_ms)
      - now_ms)::float8 AS recovering_ms,
    ${REPLY}
  FROM clock`;

/**
 * Parameters: process, connection, lease ms, concurrency, own share, and what to take (mailboxes,
 * counts, wanted).
 *
 * A process that was not seen for a lease gets nothing: its next contact judges whether the database
 * was away. Slots are taken in the order of their number, so that two processes lock rows in the same
 * order. A slot that another process has just taken is left out: its lease has not ended then.
 */
export const TAKE = `
  WITH ${CLOCK},
  asked AS (
    SELECT * FROM unnest($6::text[], $7::int[], $8::int[]) AS a (mailbox, count, wanted)),
  concerned AS (SELECT mailbox FROM asked),
  recovery AS (SELECT coalesce(max(until_ms), 0) AS until_ms FROM mailbox_recovery),
  held AS (
    SELECT mailbox, count(*) AS held FROM mailbox_permits, clock
    WHERE process = $1 AND lease_until_ms > now_ms GROUP BY mailbox),
  allowed AS (
    SELECT a.*, coalesce(h.held, 0) AS held,
      CASE WHEN NOT EXISTS (SELECT FROM mailbox_processes
          WHERE process = $1 AND seen_at_ms >= now_ms - $3::bigint) THEN 0
        WHEN r.until_ms > now_ms THEN least(count, greatest(0, $5::int - coalesce(h.held, 0)))
        ELSE count END AS allowed,
      least($4::int, coalesce(
        CASE WHEN s.lowered_at_ms <= now_ms + ${AHEAD_MS}
          THEN s.lowered_limit + greatest(0, now_ms - s.lowered_at_ms) / 60000 END,
        $4::int)) AS slots
    FROM asked a CROSS JOIN clock CROSS JOIN recovery r
      LEFT JOIN held h USING (mailbox) LEFT JOIN mailbox_states s USING (mailbox)),
  free AS (
    SELECT a.mailbox, n.slot, allowed,
      row_number() OVER (PARTITION BY a.mailbox ORDER BY n.slot) AS nth
    FROM allowed a CROSS JOIN clock CROSS JOIN LATERAL generate_series(0, a.slots - 1) AS n (slot)
    WHERE NOT EXISTS (SELECT FROM mailbox_permits p
      WHERE p.mailbox = a.mailbox AND p.slot = n.slot AND p.lease_until_ms > now_ms)),
  taken AS (
    INSERT INTO mailbox_permits (mailbox, slot, process, connection, fence, lease_until_ms)
    SELECT mailbox, slot, $1, $2, nextval('mailbox_fence'), now_ms + $3::bigint
    FROM free, clock WHERE nth <= allowed ORDER BY mailbox, slot
    ON CONFLICT (mailbox, slot) DO UPDATE SET process = excluded.process,
      connection = excluded.connection, fence = excluded.fence,
      lease_until_ms = excluded.lease_until_ms
      WHERE mailbox_permits.lease_until_ms <= excluded.lease_until_ms - $3::bigint
    RETURNING mailbox, slot, fence),
  unmet AS (
    SELECT a.mailbox, a.wanted, a.held + count(t.slot) AS held
    FROM allowed a LEFT JOIN taken t USING (mailbox)
    GROUP BY a.mailbox, a.wanted, a.held, a.count HAVING count(t.slot) < a.count),
  waiting AS (
    INSERT INTO mailbox_waiters (mailbox, process, wanted, since_ms, until_ms)
    SELECT mailbox, $1, wanted, now_ms, now_ms + ${WAITS_MS} FROM unmet, clock ORDER BY mailbox
    ON CONFLICT (mailbox, process) DO UPDATE SET wanted = excluded.wanted,
      since_ms = excluded.since_ms, until_ms = excluded.until_ms),
  told AS (
    SELECT pg_notify('${CHANNEL}', json_build_object('kind', 'waits', 'process', $1::text,
      'mailbox', mailbox, 'wanted', wanted, 'held', held)::text) FROM unmet)
  SELECT
    (SELECT count(*) FROM told) AS messages,
    (SELECT coalesce(json_agg(json_build_object('mailbox', mailbox, 'slot', slot, 'fence', fence)),
      '[]') FROM taken) AS taken,
    (r.until_ms - now_ms)::float8 AS recovering_ms,
    ${REPLY}
  FROM clock CROSS JOIN recovery r`;

/**
 * Parameters: process, the permits (mailboxes, slots, fences), what it waits for (mailboxes, wanted),
 * and messages.
 */
export const GIVE = `
  WITH ${CLOCK},
  gone AS (
    DELETE FROM mailbox_permits p
    USING unnest($2::text[], $3::int[], $4::bigint[]) AS g (mailbox, slot, fence)
    WHERE p.mailbox = g.mailbox AND p.slot = g.slot AND p.fence = g.fence AND p.process = $1),
  waiting AS (
    INSERT INTO mailbox_waiters (mailbox, process, wanted, since_ms, until_ms)
    SELECT mailbox, $1, wanted, now_ms, now_ms + ${WAITS_MS}
    FROM unnest($5::text[], $6::int[]) AS w (mailbox, wanted), clock ORDER BY mailbox
    ON CONFLICT (mailbox, process) DO UPDATE SET wanted = excluded.wanted,
      since_ms = excluded.since_ms, until_ms = excluded.until_ms)
  SELECT pg_notify('${CHANNEL}', message) FROM unnest($7::text[]) AS message`;

/**
 * Whether the stored limit stays, because none is told, or one that was learned earlier. Processes
 * tell in any order what they have learned while the database was away.
 */
const LIMIT_STAYS = `(excluded.lowered_at_ms IS NULL
        OR mailbox_states.lowered_at_ms > excluded.lowered_at_ms
          AND mailbox_states.lowered_at_ms <= (SELECT now_ms FROM clock) + ${AHEAD_MS})`;

/**
 * Parameters: concurrency that Graph documents, mailbox, pause ms or null, learned limit or null, a
 * message, and how long ago the limit was learned. A limit is learned only while no more permits are
 * held than Graph documents.
 */
export const TELL = `
  WITH ${CLOCK},
  state AS (
    INSERT INTO mailbox_states (mailbox, paused_until_ms, lowered_limit, lowered_at_ms)
    SELECT $2, now_ms + $3::bigint, $4, CASE WHEN $4::int IS NULL THEN NULL ELSE now_ms - $6::bigint END
    FROM clock
    WHERE $3::bigint IS NOT NULL OR (SELECT count(*) FROM mailbox_permits
      WHERE mailbox = $2 AND lease_until_ms > now_ms) <= $1
    ON CONFLICT (mailbox) DO UPDATE SET
      paused_until_ms = greatest(excluded.paused_until_ms,
        CASE WHEN mailbox_states.paused_until_ms <= (SELECT now_ms FROM clock) + ${AHEAD_MS}
          THEN mailbox_states.paused_until_ms END),
      lowered_limit = CASE WHEN ${LIMIT_STAYS}
        THEN mailbox_states.lowered_limit ELSE excluded.lowered_limit END,
      lowered_at_ms = CASE WHEN ${LIMIT_STAYS}
        THEN mailbox_states.lowered_at_ms ELSE excluded.lowered_at_ms END
    RETURNING mailbox)
  SELECT pg_notify('${CHANNEL}', $5) FROM state`;

/** Parameters: process, its idle permits (mailboxes, slots, fences), and messages. */
export const LEAVE = `
  WITH gone AS (
    DELETE FROM mailbox_permits p
    USING unnest($2::text[], $3::int[], $4::bigint[]) AS g (mailbox, slot, fence)
    WHERE p.mailbox = g.mailbox AND p.slot = g.slot AND p.fence = g.fence AND p.process = $1),
  waits AS (DELETE FROM mailbox_waiters WHERE process = $1),
  lives AS (DELETE FROM mailbox_processes WHERE process = $1)
  SELECT pg_notify('${CHANNEL}', message) FROM unnest($5::text[]) AS message`;
