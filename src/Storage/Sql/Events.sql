-- The outbox, and the numbered events of tenants behind it.

-- name: AddToOutbox
INSERT INTO outbox (tenant, session_id, event_id, type, at, payload, session_seq, webhook_id)
SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE NOT EXISTS (SELECT 1 FROM deleted_tenant WHERE tenant = $1);

-- name: ListTenantsInOutbox
SELECT DISTINCT tenant FROM outbox LIMIT $1;

-- name: ReadOutbox
SELECT position, session_id, event_id, type, payload, session_seq, at FROM outbox
WHERE tenant = $1 ORDER BY position LIMIT $2;

-- name: FindEventHead
SELECT last_seq FROM event_head WHERE tenant = $1;

-- name: MoveEventHead
-- From $2 to $3. The claim $4 is what the rest of the transaction looks for: without it, nothing of it is written.
INSERT INTO event_head (tenant, last_seq, claim)
SELECT $1, $3, $4
WHERE ($2 = 0 OR EXISTS (SELECT 1 FROM event_head WHERE tenant = $1))
  AND NOT EXISTS (SELECT 1 FROM deleted_tenant WHERE tenant = $1)
ON CONFLICT (tenant) DO UPDATE SET last_seq = excluded.last_seq, claim = excluded.claim
WHERE event_head.last_seq = $2;

-- name: AddEvent
INSERT INTO tenant_event (tenant, seq, event_id, type, session_id, session_seq, at, webhook_id, payload)
SELECT $1, $2, event_id, type, session_id, session_seq, at, webhook_id, payload FROM outbox
WHERE position = $3 AND EXISTS (SELECT 1 FROM event_head WHERE tenant = $1 AND claim = $4);

-- name: AddDeliveries
-- Of the events after $2: for each webhook that wants one of the five, or for the one that an event was written for.
INSERT INTO webhook_delivery (tenant, webhook_id, seq, event_id, type, session_id, status, attempts, next_at, created_at)
SELECT webhook.tenant, webhook.webhook_id, told.seq, told.event_id, told.type, told.session_id, 0, 0, $4, $4
FROM webhook JOIN tenant_event AS told ON told.tenant = webhook.tenant
WHERE webhook.tenant = $1 AND webhook.enabled = 1 AND told.seq > $2
  AND (told.webhook_id = webhook.webhook_id
    OR (told.webhook_id IS NULL AND (webhook.event = told.type OR (webhook.event = '*'
      AND told.type IN ('message.received', 'message.sent', 'skill.executed', 'task.completed', 'error.occurred')))))
  AND EXISTS (SELECT 1 FROM event_head WHERE tenant = $1 AND claim = $3)
ON CONFLICT (tenant, webhook_id, seq) DO NOTHING;

-- name: RemoveFromOutbox
DELETE FROM outbox WHERE position = $2 AND EXISTS (SELECT 1 FROM event_head WHERE tenant = $1 AND claim = $3);

-- name: ReadTenantEvents
SELECT seq, session_id, event_id, type, payload, session_seq, at FROM tenant_event
WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3;

-- name: FindFirstEvent
SELECT seq FROM tenant_event WHERE tenant = $1 ORDER BY seq LIMIT 1;

-- name: FindTenantEvent
SELECT seq, session_id, event_id, type, payload, session_seq, at FROM tenant_event
WHERE tenant = $1 AND session_id = $2 AND session_seq = $3 AND type = $4;

-- name: BlankTenantEvents
-- A deleted session's: the number stays, what was said goes. By the index of sessions, which SQLite leaves aside without the inner look.
UPDATE tenant_event SET payload = $3
WHERE tenant = $1 AND seq IN (SELECT seq FROM tenant_event WHERE tenant = $1 AND session_id = $2);

-- name: HoldEventHead
-- A numbering that is under way ends first: what it copies from the outbox is there for the statements that follow.
UPDATE event_head SET claim = claim WHERE tenant = $1;

-- name: BlankOutbox
UPDATE outbox SET payload = $3 WHERE tenant = $1 AND session_id = $2;

-- name: ListToldWebhooks
SELECT DISTINCT webhook_id FROM webhook_delivery WHERE tenant = $1 AND seq > $2;

-- name: PurgeTenantEvents
DELETE FROM tenant_event WHERE tenant = $1 AND seq IN (
  SELECT seq FROM tenant_event
  WHERE tenant = $1 AND at < $2 AND seq < $3
    AND NOT EXISTS (SELECT 1 FROM webhook_delivery WHERE webhook_delivery.tenant = $1 AND webhook_delivery.seq = tenant_event.seq)
  ORDER BY seq LIMIT $4);

-- name: PurgeEventsOfAll
DELETE FROM tenant_event WHERE (tenant, seq) IN (
  SELECT tenant, seq FROM tenant_event
  WHERE at < $1 AND NOT EXISTS (
    SELECT 1 FROM webhook_delivery WHERE webhook_delivery.tenant = tenant_event.tenant AND webhook_delivery.seq = tenant_event.seq)
  ORDER BY at LIMIT $2);

-- name: RemoveTenantOutbox
DELETE FROM outbox WHERE position IN (SELECT position FROM outbox WHERE tenant = $1 ORDER BY position LIMIT $2);

-- name: RemoveTenantEvents
DELETE FROM tenant_event WHERE tenant = $1 AND seq IN (SELECT seq FROM tenant_event WHERE tenant = $1 ORDER BY seq LIMIT $2);

-- name: RemoveEventHead
DELETE FROM event_head WHERE tenant = $1;
