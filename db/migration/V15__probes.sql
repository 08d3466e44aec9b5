-- What probes are told to measure, which of them ask for it, and the thresholds that were set for all nodes.

-- client_id 'default': of those that have none of their own.
CREATE TABLE probe_config (
    tenant     TEXT        COLLATE "C" NOT NULL,
    client_id  TEXT        COLLATE "C" NOT NULL,
    -- As it is answered, character for character: the ETag is of it.
    config     JSON        NOT NULL,
    etag       TEXT        NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    changed_by TEXT        NOT NULL,
    PRIMARY KEY (tenant, client_id)
);

-- What a probe that asks last said of itself. applied: the ETag of what it measures, NULL when that is its own settings.
CREATE TABLE probe (
    tenant    TEXT        COLLATE "C" NOT NULL,
    client_id TEXT        COLLATE "C" NOT NULL,
    version   TEXT        NOT NULL,
    applied   TEXT,
    asked_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tenant, client_id)
) WITH (fillfactor = 70);

-- Keys under sonde.diagnosis that hold on every node whatever its file says.
CREATE TABLE threshold (
    key        TEXT        COLLATE "C" PRIMARY KEY,
    value      TEXT        NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    changed_by TEXT        NOT NULL
);
