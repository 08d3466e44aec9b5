-- The read side: a projection of the journal of closed windows, row for row the same whenever that journal is replayed.

-- Ids sort and compare by code point, in every database alike: keyset pages and prefixes depend on it.
CREATE TABLE series (
    series_id    BIGINT      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant       TEXT        COLLATE "C" NOT NULL,
    kind         TEXT        COLLATE "C" NOT NULL,
    source       TEXT        COLLATE "C" NOT NULL,
    target       TEXT        COLLATE "C" NOT NULL,
    -- A target may be longer than an index entry can be.
    target_hash  BYTEA       NOT NULL,
    first_window TIMESTAMPTZ NOT NULL,
    last_window  TIMESTAMPTZ NOT NULL,
    UNIQUE (tenant, kind, source, target_hash)
) WITH (fillfactor = 70);
CREATE INDEX series_target ON series (target_hash);

-- What a source says of itself: its newest window's word.
CREATE TABLE source (
    tenant        TEXT        COLLATE "C" NOT NULL,
    kind          TEXT        COLLATE "C" NOT NULL,
    source        TEXT        COLLATE "C" NOT NULL,
    attributes    JSONB       NOT NULL,
    attributes_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant, kind, source)
) WITH (fillfactor = 70);

-- Arrays are in the order of the kind's error stages and measures. An array that says nothing new is NULL: errors when
-- there are none, mins and maxs when the summary holds the values themselves (why: modules/views/RATIONALE.md).
CREATE TABLE window_1m (
    series_id    BIGINT             NOT NULL,
    window_start TIMESTAMPTZ        NOT NULL,
    updated_at   TIMESTAMPTZ        NOT NULL,
    revision     INTEGER            NOT NULL,
    success      INTEGER            NOT NULL,
    errors       INTEGER[],
    counts       INTEGER[]          NOT NULL,
    mins         DOUBLE PRECISION[],
    maxs         DOUBLE PRECISION[],
    p50s         DOUBLE PRECISION[] NOT NULL,
    p95s         DOUBLE PRECISION[] NOT NULL,
    summary      BYTEA              NOT NULL,
    reasons      JSONB,
    label        TEXT,
    PRIMARY KEY (series_id, window_start)
) PARTITION BY RANGE (window_start);

CREATE TABLE window_1h (
    series_id    BIGINT             NOT NULL,
    window_start TIMESTAMPTZ        NOT NULL,
    updated_at   TIMESTAMPTZ        NOT NULL,
    revision     BIGINT             NOT NULL,
    success      BIGINT             NOT NULL,
    errors       BIGINT[],
    counts       BIGINT[]           NOT NULL,
    mins         DOUBLE PRECISION[],
    maxs         DOUBLE PRECISION[],
    p50s         DOUBLE PRECISION[] NOT NULL,
    p95s         DOUBLE PRECISION[] NOT NULL,
    summary      BYTEA              NOT NULL,
    reasons      JSONB,
    label        TEXT,
    PRIMARY KEY (series_id, window_start)
) PARTITION BY RANGE (window_start);

CREATE TABLE window_1d (LIKE window_1h INCLUDING ALL);

-- Hours and days whose roll-up is missing or older than its parts. Whoever writes a part marks the whole in the same
-- transaction; queries compute what is marked from its parts.
CREATE TABLE rollup_due (
    resolution   TEXT        COLLATE "C" NOT NULL CHECK (resolution IN ('1h', '1d')),
    window_start TIMESTAMPTZ NOT NULL,
    series_id    BIGINT      NOT NULL,
    PRIMARY KEY (resolution, window_start, series_id)
) WITH (fillfactor = 50);

-- Makes sure that the month of a window (UTC) has its partitions; true when they were there already. Attaching, unlike
-- CREATE TABLE … PARTITION OF, neither waits for readers and writers of the other months nor holds them up.
CREATE FUNCTION ensure_window_partition(at TIMESTAMPTZ) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
    month TIMESTAMP := date_trunc('month', at AT TIME ZONE 'UTC');
    named TEXT      := to_char(month, '_YYYY_MM');
    whole TEXT;
BEGIN
    IF to_regclass('window_1m' || named) IS NOT NULL THEN
        RETURN TRUE;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('window partitions', 0));
    -- From the table itself: to_regclass may still remember that the partition was not there before the lock.
    IF EXISTS (SELECT 1 FROM pg_class
               WHERE relname = 'window_1m' || named AND relnamespace = current_schema()::regnamespace) THEN
        RETURN TRUE;
    END IF;
    FOREACH whole IN ARRAY ARRAY['window_1m', 'window_1h'] LOOP
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', whole || named, whole);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            whole, whole || named, month AT TIME ZONE 'UTC', (month + INTERVAL '1 month') AT TIME ZONE 'UTC');
    END LOOP;
    RETURN FALSE;
END
$$;

-- This month's partition and the next three.
CREATE FUNCTION ensure_window_partitions_ahead(at TIMESTAMPTZ) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    FOR ahead IN 0..3 LOOP
        PERFORM ensure_window_partition(
            (date_trunc('month', at AT TIME ZONE 'UTC') + make_interval(months => ahead)) AT TIME ZONE 'UTC');
    END LOOP;
END
$$;

-- Drops the months that end before this time; how many partitions.
CREATE FUNCTION drop_window_partitions(before TIMESTAMPTZ) RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
    first_kept TEXT    := to_char(date_trunc('month', before AT TIME ZONE 'UTC'), 'YYYY_MM');
    dropped    INTEGER := 0;
    partition  TEXT;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('window partitions', 0));
    FOR partition IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent IN ('window_1m'::regclass, 'window_1h'::regclass)
          AND right(c.relname, 7) COLLATE "C" < first_kept COLLATE "C"
        ORDER BY c.relname DESC
    LOOP
        EXECUTE format('DROP TABLE %I', partition);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END
$$;

SELECT ensure_window_partitions_ahead(now());

-- Minutes of network QoE in the columns people know.
CREATE VIEW agg_1m AS
SELECT s.source                            AS client_id,
       s.target                            AS target,
       w.window_start                      AS window_start_ts,
       w.revision::BIGINT                  AS count_total,
       w.success::BIGINT                   AS count_success,
       (w.revision - w.success)::BIGINT    AS count_error,
       COALESCE(w.errors[1], 0)::BIGINT    AS dns_error_count,
       COALESCE(w.errors[2], 0)::BIGINT    AS tcp_error_count,
       COALESCE(w.errors[3], 0)::BIGINT    AS tls_error_count,
       COALESCE(w.errors[4], 0)::BIGINT    AS http_error_count,
       COALESCE(w.errors[5], 0)::BIGINT    AS throughput_error_count,
       w.p50s[1]                           AS dns_p50,
       w.p95s[1]                           AS dns_p95,
       w.p50s[2]                           AS tcp_p50,
       w.p95s[2]                           AS tcp_p95,
       w.p50s[3]                           AS tls_p50,
       w.p95s[3]                           AS tls_p95,
       w.p50s[4]                           AS ttfb_p50,
       w.p95s[4]                           AS ttfb_p95,
       w.p50s[5]                           AS throughput_p50,
       w.p95s[5]                           AS throughput_p95,
       w.label                             AS diagnosis_label,
       w.updated_at                        AS updated_at,
       s.tenant                            AS tenant
FROM series s
         JOIN window_1m w ON w.series_id = s.series_id
WHERE s.kind = 'qoe';
