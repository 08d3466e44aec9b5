-- What is kept how long is seen to by one node of the cluster at a time; here is what it did, and what is gone.

-- RUNNING without an end: the node was killed in the middle; the next run says so and goes on.
CREATE TABLE upkeep_run (
    id         BIGINT      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    what       TEXT        COLLATE "C" NOT NULL,
    node       TEXT        NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    took_ms    BIGINT,
    partitions INTEGER     NOT NULL DEFAULT 0,
    rows       BIGINT      NOT NULL DEFAULT 0,
    bytes      BIGINT      NOT NULL DEFAULT 0,
    outcome    TEXT        NOT NULL DEFAULT 'RUNNING' CHECK (outcome IN ('RUNNING', 'DONE', 'FAILED', 'KILLED')),
    error      TEXT
);
CREATE INDEX upkeep_run_what ON upkeep_run (what, outcome, id);
CREATE INDEX upkeep_run_started ON upkeep_run (started_at);

-- Since when there is everything: of windows by their start, of a journal by when its rows were written. What is older
-- may be gone in part. No row: nothing has been removed yet.
CREATE TABLE kept_from (
    what TEXT        COLLATE "C" PRIMARY KEY,
    at   TIMESTAMPTZ NOT NULL
);

-- Makes sure that the month of a window (UTC) has its partitions; true when they were there already, NULL when the month
-- is no longer kept: it is not made again, or its hours would be made anew of the few minutes that came so late.
CREATE OR REPLACE FUNCTION ensure_window_partition(at TIMESTAMPTZ) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
DECLARE
    month TIMESTAMP := date_trunc('month', at AT TIME ZONE 'UTC');
    named TEXT      := to_char(month, '_YYYY_MM');
    whole TEXT;
    made  BOOLEAN   := FALSE;
BEGIN
    IF to_regclass('window_1m' || named) IS NOT NULL AND to_regclass('window_1h' || named) IS NOT NULL THEN
        RETURN TRUE;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('window partitions', 0));
    IF EXISTS (SELECT 1 FROM kept_from k WHERE k.what = 'window_1m' AND k.at > month AT TIME ZONE 'UTC') THEN
        RETURN NULL;
    END IF;
    FOREACH whole IN ARRAY ARRAY['window_1m', 'window_1h'] LOOP
        -- From the table itself: to_regclass may still remember that the partition was not there before the lock.
        CONTINUE WHEN EXISTS (SELECT 1 FROM pg_class
                              WHERE relname = whole || named AND relnamespace = current_schema()::regnamespace);
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', whole || named, whole);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            whole, whole || named, month AT TIME ZONE 'UTC', (month + INTERVAL '1 month') AT TIME ZONE 'UTC');
        made := TRUE;
    END LOOP;
    RETURN NOT made;
END
$$;

DROP FUNCTION ensure_window_partitions_ahead(TIMESTAMPTZ);
DROP FUNCTION drop_window_partitions(TIMESTAMPTZ);

CREATE INDEX problem_ended ON problem (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX silence_until ON silence (until_at);
