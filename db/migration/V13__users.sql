-- People who sign in to the page. A name is one person's in all tenants: it is all that is said when signing in.
CREATE TABLE account (
    name          TEXT        NOT NULL PRIMARY KEY,
    tenant        TEXT        NOT NULL,
    role          TEXT        NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    -- Argon2id with its parameters and salt; null of those whom somebody else vouches for.
    password_hash TEXT,
    created_at    TIMESTAMPTZ NOT NULL,
    disabled_at   TIMESTAMPTZ,
    -- The password is not of their own choice yet.
    must_change   BOOLEAN     NOT NULL
);

-- Who has signed in. Of the secret in the cookie only its SHA-256 is kept.
CREATE TABLE web_session (
    sha256       BYTEA       NOT NULL PRIMARY KEY CHECK (octet_length(sha256) = 32),
    account      TEXT        NOT NULL REFERENCES account (name) ON DELETE CASCADE,
    csrf         TEXT        NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    expires_at   TIMESTAMPTZ NOT NULL
);
CREATE INDEX web_session_account ON web_session (account);

-- How often a name or an address failed to sign in, and until when it is not listened to. By the hash of what was typed, so
-- that a name that nobody has is treated like any other, and a password that was typed as a name is not kept.
CREATE TABLE sign_in_failure (
    sha256       BYTEA       NOT NULL PRIMARY KEY CHECK (octet_length(sha256) = 32),
    failures     INTEGER     NOT NULL,
    last_at      TIMESTAMPTZ NOT NULL,
    locked_until TIMESTAMPTZ
);

-- Who changed what, and what it was before.
CREATE TABLE audit (
    id      BIGINT      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant  TEXT        NOT NULL,
    at      TIMESTAMPTZ NOT NULL,
    who     TEXT        NOT NULL,
    what    TEXT        NOT NULL,
    subject TEXT        NOT NULL,
    before  JSONB,
    after   JSONB
);
CREATE INDEX audit_page ON audit (tenant, id DESC);
