-- Times are unix milliseconds, days are yyyymmdd. Rows lie in the order of their keys (WITHOUT ROWID): what one session
-- wrote is read from neighbouring pages.

CREATE TABLE IF NOT EXISTS session (
  tenant        TEXT    NOT NULL,
  session_id    TEXT    NOT NULL,
  epoch         INTEGER NOT NULL,
  revision      INTEGER NOT NULL,
  head          INTEGER NOT NULL,
  reserved      INTEGER NOT NULL,
  run_state     INTEGER NOT NULL,
  append_id     BLOB    NOT NULL,
  message_count INTEGER NOT NULL,
  input_tokens  INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  overlap       INTEGER,
  model         TEXT    NOT NULL,
  title         TEXT,
  mailbox       BLOB,
  context       BLOB,
  system_prompt TEXT,
  PRIMARY KEY (tenant, session_id)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS session_by_creation ON session (tenant, created_at DESC, session_id DESC);

-- The watchdog's list: holds the running sessions alone.
CREATE INDEX IF NOT EXISTS session_running ON session (updated_at) WHERE run_state = 2;

CREATE TABLE IF NOT EXISTS session_event (
  tenant     TEXT    NOT NULL,
  session_id TEXT    NOT NULL,
  seq_from   INTEGER NOT NULL,
  seq_to     INTEGER NOT NULL,
  turn_id    TEXT    NOT NULL,
  kind       INTEGER NOT NULL,
  -- 1 while the history shows the event: a message or an answer that was not undone. Without an index of its own, which
  -- would cost a third of all appends: a page of the history passes over the frames between its messages, however long
  -- the session is.
  listed     INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  payload    BLOB    NOT NULL,
  PRIMARY KEY (tenant, session_id, seq_from)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS session_summary (
  tenant     TEXT    NOT NULL,
  session_id TEXT    NOT NULL,
  until_seq  INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  text       TEXT    NOT NULL,
  PRIMARY KEY (tenant, session_id)
) WITHOUT ROWID;

-- Deleted sessions whose events are still there.
CREATE TABLE IF NOT EXISTS session_purge (
  tenant     TEXT NOT NULL,
  session_id TEXT NOT NULL,
  PRIMARY KEY (tenant, session_id)
) WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS session_deleted AFTER DELETE ON session
BEGIN
  INSERT INTO session_purge (tenant, session_id) VALUES (OLD.tenant, OLD.session_id) ON CONFLICT DO NOTHING;
END;

CREATE TABLE IF NOT EXISTS outbox (
  position   INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant     TEXT    NOT NULL,
  session_id TEXT    NOT NULL,
  event_id   TEXT    NOT NULL,
  type       TEXT    NOT NULL,
  at         INTEGER NOT NULL,
  payload    BLOB    NOT NULL
);

CREATE TABLE IF NOT EXISTS idempotency (
  tenant          TEXT    NOT NULL,
  scope           TEXT    NOT NULL,
  idempotency_key TEXT    NOT NULL,
  fingerprint     TEXT    NOT NULL,
  expires_at      INTEGER NOT NULL,
  -- Names the write that made the row, so that the same write, repeated, is not taken for another.
  claim           BLOB    NOT NULL,
  result          BLOB,
  PRIMARY KEY (tenant, scope, idempotency_key)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS idempotency_by_expiry ON idempotency (expires_at);

CREATE TABLE IF NOT EXISTS tenant (
  tenant_id  TEXT    NOT NULL PRIMARY KEY,
  name       TEXT    NOT NULL,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS tenant_by_creation ON tenant (created_at, tenant_id);

CREATE TABLE IF NOT EXISTS api_key (
  key_id     TEXT    NOT NULL PRIMARY KEY,
  tenant     TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  scopes     INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  hash       TEXT    NOT NULL
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS api_key_by_creation ON api_key (tenant, created_at, key_id);

-- Writers add to shards of their own, so that they do not wait for one another; a reader sums.
CREATE TABLE IF NOT EXISTS tenant_usage (
  tenant        TEXT    NOT NULL,
  day           INTEGER NOT NULL,
  model         TEXT    NOT NULL,
  shard         INTEGER NOT NULL,
  turns         INTEGER NOT NULL,
  input_tokens  INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  PRIMARY KEY (tenant, day, model, shard)
) WITHOUT ROWID;
