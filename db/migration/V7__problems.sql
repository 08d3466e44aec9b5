-- Problems: incidents of one cause, and who has been told of them. One entity writes this journal, so its sequence numbers
-- are its order, and the projection follows those.

CREATE TABLE problem_event (LIKE windows_event INCLUDING ALL);
CREATE TABLE problem_snapshot (LIKE windows_snapshot INCLUDING ALL);

CREATE TABLE problem (
    id         TEXT        COLLATE "C" PRIMARY KEY,
    version    BIGINT      NOT NULL,
    tenant     TEXT        COLLATE "C" NOT NULL,
    kind       TEXT        COLLATE "C" NOT NULL,
    scope      TEXT        NOT NULL CHECK (scope IN ('SOURCE', 'TARGET', 'PATH')),
    label      TEXT        COLLATE "C" NOT NULL,
    source     TEXT        COLLATE "C",
    target     TEXT        COLLATE "C",
    started_at TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ,
    part_of    TEXT        COLLATE "C",
    ack        JSONB,
    members    JSONB       NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX problem_started ON problem (tenant, kind, started_at DESC, id DESC);
CREATE INDEX problem_open ON problem (tenant, kind) WHERE ended_at IS NULL;
CREATE INDEX problem_members ON problem USING gin (members jsonb_path_ops);

-- Notifications on their way through a channel, or arrived.
CREATE TABLE delivery (
    key        TEXT        COLLATE "C" PRIMARY KEY,
    version    BIGINT      NOT NULL,
    problem_id TEXT        COLLATE "C" NOT NULL,
    channel    TEXT        NOT NULL,
    resolved   BOOLEAN     NOT NULL,
    state      TEXT        NOT NULL CHECK (state IN ('DUE', 'SENT', 'DROPPED')),
    attempts   INTEGER     NOT NULL,
    next_at    TIMESTAMPTZ NOT NULL,
    error      TEXT        NOT NULL,
    done_at    TIMESTAMPTZ
) WITH (fillfactor = 70);
CREATE INDEX delivery_problem ON delivery (problem_id);

CREATE TABLE silence (
    id       TEXT        COLLATE "C" PRIMARY KEY,
    tenant   TEXT        COLLATE "C" NOT NULL,
    label    TEXT,
    source   TEXT,
    target   TEXT,
    from_at  TIMESTAMPTZ NOT NULL,
    until_at TIMESTAMPTZ NOT NULL,
    by_whom  TEXT        NOT NULL,
    comment  TEXT        NOT NULL
);
CREATE INDEX silence_tenant ON silence (tenant, until_at DESC, id DESC);

-- Settings that a running node took over from its changed configuration file. Of settings that may be secrets only that
-- they changed.
CREATE TABLE setting_change (
    changed_at TIMESTAMPTZ NOT NULL,
    node       TEXT        NOT NULL,
    key        TEXT        NOT NULL,
    before     TEXT,
    after      TEXT,
    PRIMARY KEY (changed_at, node, key)
);
