-- Ids and hashes are random: to compress snapshots of them is work for nothing.
ALTER TABLE windows_snapshot ALTER COLUMN snapshot_payload SET STORAGE EXTERNAL;
