-- An append, as its one writer runs it inside a transaction.

-- name: AdvanceSession
UPDATE session
SET epoch = $5, revision = revision + 1, head = $6, reserved = $7, run_state = $8, append_id = $9, mailbox = $10,
  message_count = message_count + $11, input_tokens = input_tokens + $12, output_tokens = output_tokens + $13, updated_at = $14
WHERE tenant = $1 AND session_id = $2 AND epoch = $3 AND revision = $4;

-- name: DefineSession
UPDATE session SET title = $3, model = $4, context = $5 WHERE tenant = $1 AND session_id = $2;

-- name: InsertEvent
INSERT INTO session_event (tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: UndoTurn
UPDATE session_event SET listed = 0
WHERE tenant = $1 AND session_id = $2 AND listed = 1 AND seq_from >= $3 AND turn_id = $4;

-- name: InsertOutbox
INSERT INTO outbox (tenant, session_id, event_id, type, at, payload) VALUES ($1, $2, $3, $4, $5, $6);

-- name: IsKeyTaken
SELECT 1 FROM idempotency WHERE tenant = $1 AND scope = $2 AND idempotency_key = $3 AND expires_at > $4;
