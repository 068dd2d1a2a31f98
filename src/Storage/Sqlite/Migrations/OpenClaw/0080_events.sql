-- What happened to a tenant, in numbered order. Events are written to the outbox in the transaction of what they tell of, and
-- are given their number afterwards, so that a tenant's transactions do not wait for one another.

ALTER TABLE outbox ADD COLUMN session_seq INTEGER;

-- The one webhook that is to be told, or null.
ALTER TABLE outbox ADD COLUMN webhook_id TEXT;

CREATE INDEX IF NOT EXISTS outbox_by_tenant ON outbox (tenant, position);

CREATE TABLE IF NOT EXISTS event_head (
  tenant   TEXT    NOT NULL PRIMARY KEY,
  last_seq INTEGER NOT NULL,
  -- Names the write that set the row: the other statements of its transaction look for it.
  claim    BLOB    NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS tenant_event (
  tenant      TEXT    NOT NULL,
  seq         INTEGER NOT NULL,
  event_id    TEXT    NOT NULL,
  type        TEXT    NOT NULL,
  session_id  TEXT    NOT NULL,
  session_seq INTEGER,
  at          INTEGER NOT NULL,
  -- The one webhook that is to be told, or null.
  webhook_id  TEXT,
  payload     BLOB    NOT NULL,
  PRIMARY KEY (tenant, seq)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS tenant_event_by_session ON tenant_event (tenant, session_id, session_seq, type);

CREATE INDEX IF NOT EXISTS tenant_event_by_time ON tenant_event (at);
