-- Nodes of the cluster, as each of them says of itself every five seconds: one that starts first again after a partition
-- must not take itself for the first of a new cluster.
CREATE TABLE node (
    address TEXT PRIMARY KEY,
    seen    TIMESTAMPTZ NOT NULL
);
