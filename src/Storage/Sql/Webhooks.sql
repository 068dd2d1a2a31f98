-- Webhooks, whose definitions are grain state, and their deliveries, which the numbering of events makes.

-- name: AddWebhook
-- Repeated after a lost answer, it finds its own row.
INSERT INTO webhook (tenant, webhook_id, event, enabled, created_at)
SELECT $1, $2, $3, 1, $4 WHERE (SELECT COUNT(*) FROM webhook WHERE tenant = $1 AND webhook_id <> $2) < $5
  AND NOT EXISTS (SELECT 1 FROM deleted_tenant WHERE tenant = $1)
ON CONFLICT (tenant, webhook_id) DO UPDATE SET event = excluded.event;

-- name: RemoveWebhook
DELETE FROM webhook WHERE tenant = $1 AND webhook_id = $2;

-- name: DisableWebhook
UPDATE webhook SET enabled = 0 WHERE tenant = $1 AND webhook_id = $2;

-- name: ListWebhooks
SELECT webhook_id, created_at FROM webhook WHERE tenant = $1 AND (created_at, webhook_id) < ($2, $3)
ORDER BY created_at DESC, webhook_id DESC LIMIT $4;

-- name: ListOverdueWebhooks
-- From one webhook that has something waiting to the next: thousands of deliveries of one are not looked at. What is compared with is
-- an expression, since SQLite compares two columns by other rules than its index has, and would look at all of the tenant's.
WITH RECURSIVE waiting (tenant, webhook_id) AS (
  SELECT tenant, webhook_id FROM (
    SELECT tenant, webhook_id FROM webhook_delivery WHERE next_at IS NOT NULL AND (tenant, webhook_id) > ($1, $2)
    ORDER BY tenant, webhook_id LIMIT 1) AS earliest
  UNION ALL
  SELECT
    (SELECT later.tenant FROM webhook_delivery AS later
     WHERE later.next_at IS NOT NULL AND (later.tenant, later.webhook_id) > (waiting.tenant || '', waiting.webhook_id || '')
     ORDER BY later.tenant, later.webhook_id LIMIT 1),
    (SELECT later.webhook_id FROM webhook_delivery AS later
     WHERE later.next_at IS NOT NULL AND (later.tenant, later.webhook_id) > (waiting.tenant || '', waiting.webhook_id || '')
     ORDER BY later.tenant, later.webhook_id LIMIT 1)
  FROM waiting WHERE waiting.tenant IS NOT NULL)
SELECT tenant, webhook_id FROM waiting
WHERE EXISTS (
  SELECT 1 FROM webhook_delivery AS due
  WHERE due.tenant = waiting.tenant AND due.webhook_id = waiting.webhook_id AND due.next_at IS NOT NULL AND due.next_at <= $3)
LIMIT $4;

-- name: ListNextDeliveries
SELECT seq, event_id, session_id, attempts, next_at FROM webhook_delivery
WHERE tenant = $1 AND webhook_id = $2 AND next_at IS NOT NULL ORDER BY next_at, seq LIMIT $3;

-- name: CountPendingDeliveries
SELECT COUNT(*) FROM webhook_delivery WHERE tenant = $1 AND webhook_id = $2 AND next_at IS NOT NULL;

-- name: ListDeliveries
SELECT seq, event_id, type, session_id, status, attempts, next_at, created_at, attempted_at, response_status, response_body, error
FROM webhook_delivery WHERE tenant = $1 AND webhook_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4;

-- name: FindDelivery
SELECT seq, event_id, type, session_id, status, attempts, next_at, created_at, attempted_at, response_status, response_body, error
FROM webhook_delivery WHERE tenant = $1 AND webhook_id = $2 AND seq = $3;

-- name: FindDeliveryOfEvent
SELECT seq, event_id, type, session_id, status, attempts, next_at, created_at, attempted_at, response_status, response_body, error
FROM webhook_delivery WHERE tenant = $1 AND webhook_id = $2 AND seq > $3 AND event_id = $4;

-- name: EndDeliveryAttempt
-- As long as it waits as it did when it was taken: one that was replayed meanwhile waits for another attempt.
UPDATE webhook_delivery
SET status = $5, attempts = attempts + 1, next_at = $6, attempted_at = $7, response_status = $8, response_body = $9, error = $10
WHERE tenant = $1 AND webhook_id = $2 AND seq = $3 AND attempts = $4 AND next_at = $11;

-- name: ReplayDelivery
UPDATE webhook_delivery
SET status = 0, attempts = 0, next_at = $4, attempted_at = NULL, response_status = NULL, response_body = NULL, error = NULL
WHERE tenant = $1 AND webhook_id = $2 AND seq = $3;

-- name: FailDeliveries
UPDATE webhook_delivery SET status = 2, next_at = NULL, error = $3
WHERE tenant = $1 AND webhook_id = $2 AND seq IN (
  SELECT seq FROM webhook_delivery WHERE tenant = $1 AND webhook_id = $2 AND next_at IS NOT NULL LIMIT $4);

-- name: RemoveDeliveries
DELETE FROM webhook_delivery WHERE tenant = $1 AND webhook_id = $2 AND seq IN (
  SELECT seq FROM webhook_delivery WHERE tenant = $1 AND webhook_id = $2 ORDER BY seq LIMIT $3);

-- name: RemoveTenantDeliveries
DELETE FROM webhook_delivery WHERE (tenant, webhook_id, seq) IN (
  SELECT tenant, webhook_id, seq FROM webhook_delivery WHERE tenant = $1 LIMIT $2);

-- name: PurgeDeliveries
DELETE FROM webhook_delivery WHERE (tenant, webhook_id, seq) IN (
  SELECT tenant, webhook_id, seq FROM webhook_delivery WHERE created_at < $1 AND next_at IS NULL ORDER BY created_at LIMIT $2);
