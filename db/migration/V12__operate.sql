-- Who looks after problems need not be able to change everything else.
ALTER TABLE token DROP CONSTRAINT token_scope_check;
ALTER TABLE token ADD CONSTRAINT token_scope_check CHECK (scope IN ('ingest', 'read', 'operate', 'admin'));
