/** What the bots keep in common. May be run at every start. */
export const SCHEMA = `
SELECT pg_advisory_xact_lock(7203941);
CREATE SCHEMA IF NOT EXISTS lanekeeper;
-- Live records of every collection. "holds": what a record has for itself alone, such as the node of a live change.
CREATE TABLE IF NOT EXISTS lanekeeper.records (
  collection text NOT NULL,
  id text NOT NULL,
  version integer NOT NULL,
  seq bigserial NOT NULL,
  holds text,
  data json NOT NULL,
  PRIMARY KEY (collection, id)
);
CREATE UNIQUE INDEX IF NOT EXISTS records_holds ON lanekeeper.records (collection, holds) WHERE holds IS NOT NULL;
CREATE INDEX IF NOT EXISTS records_order ON lanekeeper.records (collection, seq);
CREATE TABLE IF NOT EXISTS lanekeeper.history (
  seq bigserial PRIMARY KEY,
  id text NOT NULL UNIQUE,
  data json NOT NULL
);
CREATE TABLE IF NOT EXISTS lanekeeper.audit (n bigint PRIMARY KEY, token uuid NOT NULL, line text NOT NULL);
CREATE INDEX IF NOT EXISTS audit_token ON lanekeeper.audit (token);
CREATE TABLE IF NOT EXISTS lanekeeper.audit_head (id boolean PRIMARY KEY DEFAULT true CHECK (id), n bigint NOT NULL, hash text NOT NULL);
CREATE TABLE IF NOT EXISTS lanekeeper.host_keys (name text PRIMARY KEY, key text NOT NULL);
CREATE TABLE IF NOT EXISTS lanekeeper.leader (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  epoch bigint NOT NULL,
  name text NOT NULL,
  since timestamptz NOT NULL
);
INSERT INTO lanekeeper.leader VALUES (true, 0, 'nobody', now()) ON CONFLICT DO NOTHING;
`
