-- A role that reads what dashboards read, and nothing else: no journal, no token (not even its hash). Run it as the
-- owner of the schema after sonde migrate, and again after each upgrade; it says the same however often it is run. Then
-- give it a password: ALTER ROLE sonde_reader PASSWORD '…'. It reads all tenants: who may use the dashboards may too.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'sonde_reader') THEN
        CREATE ROLE sonde_reader;
    END IF;
END
$$;
-- A dashboard that asks too much waits for nobody long, and never takes more than a few of the nodes' connections.
ALTER ROLE sonde_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 10;
ALTER ROLE sonde_reader SET default_transaction_read_only = on;
ALTER ROLE sonde_reader SET statement_timeout = '15s';
ALTER ROLE sonde_reader SET lock_timeout = '1s';

GRANT SELECT ON agg_1m, diagnosis, incident, problem, delivery, series, window_1h, upkeep_run TO sonde_reader;
