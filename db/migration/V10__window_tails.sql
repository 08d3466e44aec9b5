-- The highest values of minutes, packed: which series can be among the worst of some minutes is found out without reading
-- their windows (why: modules/views/RATIONALE.md). A row is what one transaction wrote of one minute and measure; it is
-- never changed. Of a window that was written again the highest revision holds.
CREATE TABLE window_tail (
    tenant       TEXT        COLLATE "C" NOT NULL,
    kind         TEXT        COLLATE "C" NOT NULL,
    measure      SMALLINT    NOT NULL,
    window_start TIMESTAMPTZ NOT NULL,
    number       BIGINT      GENERATED ALWAYS AS IDENTITY,
    tails        BYTEA       NOT NULL,
    PRIMARY KEY (tenant, kind, measure, window_start, number)
);
-- Packed as they are; read as a whole.
ALTER TABLE window_tail ALTER COLUMN tails SET STORAGE EXTERNAL;
CREATE INDEX window_tail_start ON window_tail USING brin (window_start);

-- Of windows that are there already there are none.
INSERT INTO kept_from (what, at) SELECT 'window_tail', now() WHERE EXISTS (SELECT 1 FROM window_1m);
