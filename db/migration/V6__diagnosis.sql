-- What is said of windows, and the incidents they make. A minute's verdicts lie in its own row: whatever replaces the
-- window replaces them, and whatever keeps, drops or checks it does so with them.

-- Of hours and days only the score is ever set. Verdicts are NULL when none holds.
ALTER TABLE window_1m ADD COLUMN score SMALLINT, ADD COLUMN rules TEXT, ADD COLUMN verdicts JSONB;
ALTER TABLE window_1h ADD COLUMN score SMALLINT, ADD COLUMN rules TEXT, ADD COLUMN verdicts JSONB;
ALTER TABLE window_1d ADD COLUMN score SMALLINT, ADD COLUMN rules TEXT, ADD COLUMN verdicts JSONB;

CREATE INDEX window_1m_diagnosed ON window_1m (window_start, series_id) WHERE verdicts IS NOT NULL;

-- Minutes of which a verdict holds.
CREATE VIEW diagnosis AS
SELECT s.tenant, s.kind, s.source, s.target, w.window_start, w.label, w.score, w.rules AS rules_version, w.verdicts
FROM series s
         JOIN window_1m w ON w.series_id = s.series_id
WHERE w.verdicts IS NOT NULL;

-- One series limited by one thing for some time. Times are starts of windows; ended is NULL while it is open.
CREATE TABLE incident (
    id           TEXT        COLLATE "C" PRIMARY KEY,
    series_id    BIGINT      NOT NULL,
    label        TEXT        COLLATE "C" NOT NULL,
    state        TEXT        COLLATE "C" NOT NULL,
    version      BIGINT      NOT NULL,
    onset        TIMESTAMPTZ NOT NULL,
    opened       TIMESTAMPTZ NOT NULL,
    last_seen    TIMESTAMPTZ NOT NULL,
    ended        TIMESTAMPTZ,
    peak         TIMESTAMPTZ NOT NULL,
    peak_verdict JSONB       NOT NULL,
    rules        TEXT        NOT NULL,
    timeline     JSONB       NOT NULL,
    updated_at   TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX incident_onset ON incident (onset, id);
CREATE INDEX incident_state ON incident (state, onset, id);
CREATE INDEX incident_series ON incident (series_id, onset, id);

-- New columns stand at the end.
CREATE OR REPLACE VIEW agg_1m AS
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
       s.tenant                            AS tenant,
       w.score                             AS score,
       w.p50s[6]                           AS total_p50,
       w.p95s[6]                           AS total_p95,
       w.rules                             AS rules_version
FROM series s
         JOIN window_1m w ON w.series_id = s.series_id
WHERE s.kind = 'qoe';
