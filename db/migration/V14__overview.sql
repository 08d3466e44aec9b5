-- All series of a tenant and kind together, by minute, hour and day: what goes on at a glance is asked of these rows, and not
-- of the windows of ten thousand series (why, and how they stay right: modules/views/RATIONALE.md).

-- Arrays are in the order of the kind's error stages and measures. scored is how many events have a score, score_sum the sum
-- of their scores; series is which series have a window there, as runs of numbers.
CREATE TABLE overview (
    tenant       TEXT               COLLATE "C" NOT NULL,
    kind         TEXT               COLLATE "C" NOT NULL,
    resolution   TEXT               COLLATE "C" NOT NULL CHECK (resolution IN ('1m', '1h', '1d')),
    window_start TIMESTAMPTZ        NOT NULL,
    windows      BIGINT             NOT NULL,
    success      BIGINT             NOT NULL,
    errors       BIGINT[]           NOT NULL,
    scored       BIGINT             NOT NULL,
    score_sum    BIGINT             NOT NULL,
    counts       BIGINT[]           NOT NULL,
    mins         DOUBLE PRECISION[] NOT NULL,
    maxs         DOUBLE PRECISION[] NOT NULL,
    p50s         DOUBLE PRECISION[] NOT NULL,
    p95s         DOUBLE PRECISION[] NOT NULL,
    summary      BYTEA              NOT NULL,
    reasons      JSONB,
    series       BYTEA              NOT NULL,
    PRIMARY KEY (tenant, kind, resolution, window_start)
);
-- Packed as they are; read as a whole.
ALTER TABLE overview ALTER COLUMN summary SET STORAGE EXTERNAL;

-- What is missing or older than its parts. Whoever writes a part adds a row in the same transaction, each its own: so no
-- writer waits for another one, nor for who rolls up.
CREATE TABLE overview_due (
    tenant       TEXT        COLLATE "C" NOT NULL,
    kind         TEXT        COLLATE "C" NOT NULL,
    resolution   TEXT        COLLATE "C" NOT NULL CHECK (resolution IN ('1m', '1h', '1d')),
    window_start TIMESTAMPTZ NOT NULL,
    number       BIGINT      GENERATED ALWAYS AS IDENTITY,
    marked_at    TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant, kind, resolution, window_start, number)
);

-- Of windows that are there already the last 30 days are rolled up in the background, the newest first; of those before there
-- is no overview.
INSERT INTO overview_due (tenant, kind, resolution, window_start)
SELECT k.tenant, k.kind, '1m', minute
FROM (SELECT tenant, kind, max(last_window) AS last,
             greatest(min(first_window), date_trunc('day', now(), 'UTC') - INTERVAL '30 days',
                      (SELECT at FROM kept_from WHERE what = 'window_1m')) AS first
      FROM series WHERE last_window > '-infinity' GROUP BY tenant, kind) k,
     generate_series(k.first, k.last, INTERVAL '1 minute') minute;
INSERT INTO kept_from (what, at)
SELECT 'overview', day FROM (SELECT date_trunc('day', now(), 'UTC') - INTERVAL '30 days' AS day) old
WHERE EXISTS (SELECT 1 FROM series WHERE first_window < day);
