-- Where the consumers write. May be run again at any time; it never drops anything.

CREATE TABLE IF NOT EXISTS event (
  -- The same on every delivery: this is what makes writing twice harmless.
  id          text PRIMARY KEY,
  station     text        NOT NULL,
  -- The log that numbered it. A station whose disk was replaced begins a new log, and its numbers begin again at 1.
  log         text        NOT NULL,
  stream      text        NOT NULL,
  seq         bigint      NOT NULL,
  kind        text        NOT NULL,
  event_type  text        NOT NULL,
  at          timestamptz NOT NULL,
  -- Whether `at` was confirmed by a time source; order comes from `seq`, never from `at`.
  clock       text        NOT NULL,
  data        jsonb       NOT NULL,
  consumer    text        NOT NULL,
  written_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS event_order ON event (station, log, stream, seq);
CREATE INDEX IF NOT EXISTS event_time ON event USING brin (at);

-- The last health of each station. Consumers work side by side, so an older one may come after a newer one.
CREATE TABLE IF NOT EXISTS health (
  station     text PRIMARY KEY,
  uptime_s    bigint      NOT NULL,
  payload     jsonb       NOT NULL,
  written_at  timestamptz NOT NULL DEFAULT now()
);

-- What could not be understood. It is kept and acknowledged, because it would otherwise come back for ever.
CREATE TABLE IF NOT EXISTS rejected (
  topic       text        NOT NULL,
  payload     text        NOT NULL,
  why         text        NOT NULL,
  written_at  timestamptz NOT NULL DEFAULT now()
);

-- Numbers that are missing between two that are there. Empty, or events are still on their way.
CREATE OR REPLACE VIEW event_gap AS
SELECT station, log, stream, seq + 1 AS first_missing, next_seq - 1 AS last_missing
FROM (
  SELECT station, log, stream, seq, lead(seq) OVER (PARTITION BY station, log, stream ORDER BY seq) AS next_seq
  FROM event
) AS numbered
WHERE next_seq > seq + 1;

-- One row a swap, from its events in their order.
CREATE OR REPLACE VIEW swap AS
SELECT
  station,
  data ->> 'swap' AS swap,
  min(at) AS began_at,
  max(at) AS ended_at,
  (array_agg(event_type ORDER BY seq DESC))[1] AS last_step,
  max((data ->> 'durationMs')::bigint) AS duration_ms
FROM event
WHERE stream = 'swap' AND data ? 'swap'
GROUP BY station, log, data ->> 'swap';
