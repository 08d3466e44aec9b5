-- Who may come in. The token itself is nowhere: only its SHA-256, which is enough to recognise 256 random bits.

CREATE TABLE token (
    tenant       TEXT        NOT NULL,
    id           TEXT        NOT NULL,
    scope        TEXT        NOT NULL CHECK (scope IN ('ingest', 'read', 'admin')),
    client_id    TEXT,
    sha256       BYTEA       NOT NULL CHECK (octet_length(sha256) = 32),
    note         TEXT        NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    expires_at   TIMESTAMPTZ,
    revoked_at   TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,
    PRIMARY KEY (tenant, id),
    CONSTRAINT token_sha256 UNIQUE (sha256)
);
