-- Times are unix milliseconds, days are yyyymmdd. Keys compare by their bytes (COLLATE "C"), as they do in SQLite. Free text
-- is bytea, since text refuses U+0000.

CREATE TABLE IF NOT EXISTS session (
  tenant        text COLLATE "C" NOT NULL,
  session_id    text COLLATE "C" NOT NULL,
  epoch         bigint NOT NULL,
  revision      bigint NOT NULL,
  head          bigint NOT NULL,
  reserved      bigint NOT NULL,
  run_state     integer NOT NULL,
  append_id     bytea NOT NULL,
  message_count bigint NOT NULL,
  input_tokens  bigint NOT NULL,
  output_tokens bigint NOT NULL,
  created_at    bigint NOT NULL,
  updated_at    bigint NOT NULL,
  overlap       integer,
  model         text COLLATE "C" NOT NULL,
  title         bytea,
  mailbox       bytea,
  context       bytea,
  system_prompt bytea,
  PRIMARY KEY (tenant, session_id)
);

CREATE INDEX IF NOT EXISTS session_by_creation ON session (tenant, created_at DESC, session_id DESC);

-- The watchdog's list: holds the running sessions alone.
CREATE INDEX IF NOT EXISTS session_running ON session (updated_at) WHERE run_state = 2;

CREATE TABLE IF NOT EXISTS session_event (
  tenant     text COLLATE "C" NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  seq_from   bigint NOT NULL,
  seq_to     bigint NOT NULL,
  turn_id    text COLLATE "C" NOT NULL,
  kind       integer NOT NULL,
  -- 1 while the history shows the event: a message or an answer that was not undone. Without an index of its own, which
  -- would cost a third of all appends: a page of the history passes over the frames between its messages, however long
  -- the session is.
  listed     integer NOT NULL,
  at         bigint NOT NULL,
  payload    bytea NOT NULL,
  PRIMARY KEY (tenant, session_id, seq_from)
);

CREATE TABLE IF NOT EXISTS session_summary (
  tenant     text COLLATE "C" NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  until_seq  bigint NOT NULL,
  at         bigint NOT NULL,
  text       bytea NOT NULL,
  PRIMARY KEY (tenant, session_id)
);

-- Deleted sessions whose events are still there.
CREATE TABLE IF NOT EXISTS session_purge (
  tenant     text COLLATE "C" NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, session_id)
);

CREATE OR REPLACE FUNCTION session_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO session_purge (tenant, session_id) VALUES (OLD.tenant, OLD.session_id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER session_deleted AFTER DELETE ON session
FOR EACH ROW EXECUTE FUNCTION session_deleted();

CREATE TABLE IF NOT EXISTS outbox (
  position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant     text COLLATE "C" NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  event_id   text COLLATE "C" NOT NULL,
  type       text COLLATE "C" NOT NULL,
  at         bigint NOT NULL,
  payload    bytea NOT NULL
);

CREATE TABLE IF NOT EXISTS idempotency (
  tenant          text COLLATE "C" NOT NULL,
  scope           text COLLATE "C" NOT NULL,
  idempotency_key text COLLATE "C" NOT NULL,
  fingerprint     text COLLATE "C" NOT NULL,
  expires_at      bigint NOT NULL,
  -- Names the write that made the row, so that the same write, repeated, is not taken for another.
  claim           bytea NOT NULL,
  result          bytea,
  PRIMARY KEY (tenant, scope, idempotency_key)
);

CREATE INDEX IF NOT EXISTS idempotency_by_expiry ON idempotency (expires_at);

CREATE TABLE IF NOT EXISTS tenant (
  tenant_id  text COLLATE "C" NOT NULL PRIMARY KEY,
  name       bytea NOT NULL,
  created_at bigint NOT NULL
);

CREATE INDEX IF NOT EXISTS tenant_by_creation ON tenant (created_at, tenant_id);

CREATE TABLE IF NOT EXISTS api_key (
  key_id     text COLLATE "C" NOT NULL PRIMARY KEY,
  tenant     text COLLATE "C" NOT NULL,
  name       bytea NOT NULL,
  scopes     integer NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint,
  hash       text COLLATE "C" NOT NULL
);

CREATE INDEX IF NOT EXISTS api_key_by_creation ON api_key (tenant, created_at, key_id);

-- Writers add to shards of their own, so that they do not wait for one another; a reader sums.
CREATE TABLE IF NOT EXISTS tenant_usage (
  tenant        text COLLATE "C" NOT NULL,
  day           integer NOT NULL,
  model         text COLLATE "C" NOT NULL,
  shard         integer NOT NULL,
  turns         bigint NOT NULL,
  input_tokens  bigint NOT NULL,
  output_tokens bigint NOT NULL,
  PRIMARY KEY (tenant, day, model, shard)
);
