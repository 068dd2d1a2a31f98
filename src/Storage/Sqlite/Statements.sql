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
INSERT INTO outbox (tenant, session_id, event_id, type, at, payload, session_seq) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: IsKeyTaken
SELECT 1 FROM idempotency WHERE tenant = $1 AND scope = $2 AND idempotency_key = $3 AND expires_at > $4;

-- name: WriteMemory
INSERT INTO memory_entry (entry_id, tenant, namespace, memory_key, version, change_id, category, created_at, updated_at, expires_at,
  deleted_at, key_id, request_id, session_id, turn_id, bytes, previous_state, previous_created_at, previous_expires_at, terms,
  metadata, value, previous_metadata, previous_value)
SELECT (SELECT last_id + 1 FROM memory_sequence), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
  $19, $20, $21, $22, $23
FROM memory_namespace WHERE tenant = $1 AND namespace = $2 AND number = $25
ON CONFLICT (tenant, namespace, memory_key) DO UPDATE
SET entry_id = excluded.entry_id, version = excluded.version, change_id = excluded.change_id, category = excluded.category,
  created_at = excluded.created_at, updated_at = excluded.updated_at, expires_at = excluded.expires_at,
  deleted_at = excluded.deleted_at, key_id = excluded.key_id, request_id = excluded.request_id, session_id = excluded.session_id,
  turn_id = excluded.turn_id, bytes = excluded.bytes, previous_state = excluded.previous_state,
  previous_created_at = excluded.previous_created_at, previous_expires_at = excluded.previous_expires_at, terms = excluded.terms,
  metadata = excluded.metadata, value = excluded.value, previous_metadata = excluded.previous_metadata,
  previous_value = excluded.previous_value
WHERE memory_entry.change_id = $24 OR memory_entry.change_id = excluded.change_id;

-- name: MatchMemories
SELECT rowid FROM memory_text WHERE memory_text MATCH $1 ORDER BY rowid DESC LIMIT $2;

-- name: ReadMemoryTerms
-- $3 is a JSON array of ids.
SELECT entry_id, memory_key, terms, category, updated_at FROM memory_entry
WHERE tenant = $1 AND namespace = $2 AND deleted_at IS NULL AND (expires_at IS NULL OR expires_at > $4)
  AND entry_id IN (SELECT value FROM json_each($3));

-- name: ReadMemories
SELECT entry_id, memory_key, version, change_id, category, created_at, updated_at, expires_at, deleted_at, key_id, request_id,
  session_id, turn_id, metadata, value
FROM memory_entry WHERE tenant = $1 AND namespace = $2 AND deleted_at IS NULL AND entry_id IN (SELECT value FROM json_each($3));

-- name: ReadMemoryVectors
SELECT entry_id, vector FROM memory_vector WHERE entry_id IN (SELECT value FROM json_each($1));
