-- Webhooks, whose definitions are grain state, and what is to be delivered to them.

CREATE TABLE IF NOT EXISTS webhook (
  tenant     TEXT    NOT NULL,
  webhook_id TEXT    NOT NULL,
  -- A type of event, or * for all.
  event      TEXT    NOT NULL,
  enabled    INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, webhook_id)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS webhook_by_creation ON webhook (tenant, created_at, webhook_id);

CREATE TABLE IF NOT EXISTS webhook_delivery (
  tenant          TEXT    NOT NULL,
  webhook_id      TEXT    NOT NULL,
  -- The event's number; what is sent stands there.
  seq             INTEGER NOT NULL,
  event_id        TEXT    NOT NULL,
  type            TEXT    NOT NULL,
  session_id      TEXT    NOT NULL,
  -- 0 waits, 1 delivered, 2 failed.
  status          INTEGER NOT NULL,
  attempts        INTEGER NOT NULL,
  -- When the next attempt is due; null once it has ended.
  next_at         INTEGER,
  created_at      INTEGER NOT NULL,
  attempted_at    INTEGER,
  response_status INTEGER,
  response_body   TEXT,
  error           TEXT,
  PRIMARY KEY (tenant, webhook_id, seq)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS webhook_delivery_due_of ON webhook_delivery (tenant, webhook_id, next_at, seq) WHERE next_at IS NOT NULL;

-- For the purges: of deliveries that have ended, and of events, which stay as long as a delivery needs them.
CREATE INDEX IF NOT EXISTS webhook_delivery_by_time ON webhook_delivery (created_at);

CREATE INDEX IF NOT EXISTS webhook_delivery_by_event ON webhook_delivery (tenant, seq);
