-- Events that a snapshot has replaced are deleted within minutes, as many as come in. Their space is to be used again before
-- the table has grown by a fifth, which is when autovacuum would look at it by default.
ALTER TABLE windows_event SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 10000);
