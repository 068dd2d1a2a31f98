-- What happened to a tenant, in numbered order. Events are written to the outbox in the transaction of what they tell of, and
-- are given their number afterwards, so that a tenant's transactions do not wait for one another.

ALTER TABLE outbox ADD COLUMN IF NOT EXISTS session_seq bigint;

-- The one webhook that is to be told, or null.
ALTER TABLE outbox ADD COLUMN IF NOT EXISTS webhook_id text COLLATE "C";

CREATE INDEX IF NOT EXISTS outbox_by_tenant ON outbox (tenant, position);

CREATE TABLE IF NOT EXISTS event_head (
  tenant   text COLLATE "C" NOT NULL PRIMARY KEY,
  last_seq bigint NOT NULL,
  -- Names the write that set the row: the other statements of its transaction look for it.
  claim    bytea NOT NULL
);

CREATE TABLE IF NOT EXISTS tenant_event (
  tenant      text COLLATE "C" NOT NULL,
  seq         bigint NOT NULL,
  event_id    text COLLATE "C" NOT NULL,
  type        text COLLATE "C" NOT NULL,
  session_id  text COLLATE "C" NOT NULL,
  session_seq bigint,
  at          bigint NOT NULL,
  -- The one webhook that is to be told, or null.
  webhook_id  text COLLATE "C",
  payload     bytea NOT NULL,
  PRIMARY KEY (tenant, seq)
);

CREATE INDEX IF NOT EXISTS tenant_event_by_session ON tenant_event (tenant, session_id, session_seq, type);

CREATE INDEX IF NOT EXISTS tenant_event_by_time ON tenant_event (at);
