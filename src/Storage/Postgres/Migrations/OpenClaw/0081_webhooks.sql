-- Webhooks, whose definitions are grain state, and what is to be delivered to them.

CREATE TABLE IF NOT EXISTS webhook (
  tenant     text COLLATE "C" NOT NULL,
  webhook_id text COLLATE "C" NOT NULL,
  -- A type of event, or * for all.
  event      text COLLATE "C" NOT NULL,
  enabled    integer NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (tenant, webhook_id)
);

CREATE INDEX IF NOT EXISTS webhook_by_creation ON webhook (tenant, created_at, webhook_id);

CREATE TABLE IF NOT EXISTS webhook_delivery (
  tenant          text COLLATE "C" NOT NULL,
  webhook_id      text COLLATE "C" NOT NULL,
  -- The event's number; what is sent stands there.
  seq             bigint NOT NULL,
  event_id        text COLLATE "C" NOT NULL,
  type            text COLLATE "C" NOT NULL,
  session_id      text COLLATE "C" NOT NULL,
  -- 0 waits, 1 delivered, 2 failed.
  status          integer NOT NULL,
  attempts        integer NOT NULL,
  -- When the next attempt is due; null once it has ended.
  next_at         bigint,
  created_at      bigint NOT NULL,
  attempted_at    bigint,
  response_status bigint,
  response_body   bytea,
  error           bytea,
  PRIMARY KEY (tenant, webhook_id, seq)
);

CREATE INDEX IF NOT EXISTS webhook_delivery_due_of ON webhook_delivery (tenant, webhook_id, next_at, seq) WHERE next_at IS NOT NULL;

-- For the purges: of deliveries that have ended, and of events, which stay as long as a delivery needs them.
CREATE INDEX IF NOT EXISTS webhook_delivery_by_time ON webhook_delivery (created_at);

CREATE INDEX IF NOT EXISTS webhook_delivery_by_event ON webhook_delivery (tenant, seq);
