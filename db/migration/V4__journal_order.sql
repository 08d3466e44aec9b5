-- The journal of closed windows is followed by the transactions that wrote it, in slices of its sources: a row is read
-- when no transaction is open any more that could still put one before it, so none is ever skipped (why not by
-- numbers: modules/views/RATIONALE.md).

-- Rows that are there already get the number of this transaction, without being rewritten; as in a database whose
-- numbers come from another cluster, that is: after a logical restore (called again by sonde rebuild).
CREATE FUNCTION key_diagnosis_events() RETURNS VOID LANGUAGE plpgsql SET client_min_messages = warning AS $$
BEGIN
    ALTER TABLE diagnosis_event DROP COLUMN IF EXISTS xid;
    ALTER TABLE diagnosis_event ADD COLUMN xid XID8 NOT NULL DEFAULT pg_current_xact_id();
    CREATE UNIQUE INDEX diagnosis_event_slice
        ON diagnosis_event ((hashtext(persistence_id) & 15), xid, ordering);
END
$$;
SELECT key_diagnosis_events();

-- Up to the first event that a projection has not seen yet, all have been seen; what is copied again changes nothing.
INSERT INTO projection_offset_store
    (projection_name, projection_key, current_offset, manifest, mergeable, last_updated)
SELECT 'windows', 'slice-' || lpad(slice::TEXT, 2, '0'), pg_current_xact_id() || '/' || seen.up_to, 'STR', FALSE,
       (extract(epoch FROM now()) * 1000)::BIGINT
FROM (SELECT COALESCE((SELECT min(t.event_id) - 1
                       FROM diagnosis_tag t
                       LEFT JOIN projection_offset_store o
                              ON o.projection_name = 'windows' AND o.projection_key = t.tag
                       WHERE t.event_id > COALESCE(o.current_offset::BIGINT, 0)),
                      (SELECT max(ordering) FROM diagnosis_event)) AS up_to) seen,
     generate_series(0, 15) slice
WHERE seen.up_to IS NOT NULL;

DELETE FROM projection_offset_store WHERE projection_name = 'windows' AND projection_key LIKE 'windows-%';
DROP TABLE diagnosis_tag;
DROP INDEX diagnosis_event_ordering;
