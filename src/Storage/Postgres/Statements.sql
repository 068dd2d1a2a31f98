-- An append is one statement. The session's row, found as expected, lets the other parts happen; without it, nothing is
-- written. Of two that meet, the later one waits and looks at the row again.

-- name: Append
WITH moved AS (
  UPDATE session
  SET epoch = $5, revision = revision + 1, head = $6, reserved = $7, run_state = $8, append_id = $9, mailbox = $10,
    message_count = message_count + $11, input_tokens = input_tokens + $12, output_tokens = output_tokens + $13, updated_at = $14
  WHERE tenant = $1 AND session_id = $2 AND epoch = $3 AND revision = $4
  RETURNING 1),
events AS (
  INSERT INTO session_event (tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload)
  SELECT $1, $2, e.seq_from, e.seq_to, e.turn_id, e.kind, e.listed, e.at, e.payload
  FROM moved, unnest($15, $16, $17, $18, $19, $20, $21) AS e (seq_from, seq_to, turn_id, kind, listed, at, payload)),
told AS (
  INSERT INTO outbox (tenant, session_id, event_id, type, at, payload, session_seq)
  SELECT $1, $2, o.event_id, o.type, $14, o.payload, o.session_seq
  FROM moved, unnest($22, $23, $24, $25) WITH ORDINALITY AS o (event_id, type, payload, session_seq, place) ORDER BY o.place)
SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM moved);

-- name: AppendAll
-- The same with all that an append may bring along. A key that is taken leaves "claimed" empty, so "target" locks the row
-- ahead of its change; $33 says that no key is claimed.
WITH target AS (
  SELECT 1 FROM session WHERE tenant = $1 AND session_id = $2 AND epoch = $3 AND revision = $4 FOR UPDATE),
keyed AS (
  INSERT INTO idempotency (tenant, scope, idempotency_key, fingerprint, result, expires_at, claim)
  SELECT $26, $27, $28, $29, $30, $31, $9 FROM target WHERE $33 = 0
  ON CONFLICT (tenant, scope, idempotency_key) DO UPDATE
  SET fingerprint = excluded.fingerprint, result = excluded.result, expires_at = excluded.expires_at, claim = excluded.claim
  WHERE idempotency.expires_at <= $32
  RETURNING 1),
claimed AS (
  SELECT 1 FROM target WHERE $33 = 1 UNION ALL SELECT 1 FROM keyed),
moved AS (
  UPDATE session
  SET epoch = $5, revision = revision + 1, head = $6, reserved = $7, run_state = $8, append_id = $9, mailbox = $10,
    message_count = message_count + $11, input_tokens = input_tokens + $12, output_tokens = output_tokens + $13, updated_at = $14,
    title = CASE WHEN $34 = 1 THEN $35 ELSE title END,
    model = CASE WHEN $34 = 1 THEN $36 ELSE model END,
    context = CASE WHEN $34 = 1 THEN $37 ELSE context END
  FROM claimed WHERE tenant = $1 AND session_id = $2),
events AS (
  INSERT INTO session_event (tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload)
  SELECT $1, $2, e.seq_from, e.seq_to, e.turn_id, e.kind, e.listed, e.at, e.payload
  FROM claimed, unnest($15, $16, $17, $18, $19, $20, $21) AS e (seq_from, seq_to, turn_id, kind, listed, at, payload)),
undone AS (
  UPDATE session_event SET listed = 0
  FROM claimed WHERE tenant = $1 AND session_id = $2 AND listed = 1 AND seq_from >= $38 AND turn_id = $39),
told AS (
  INSERT INTO outbox (tenant, session_id, event_id, type, at, payload, session_seq)
  SELECT $1, $2, o.event_id, o.type, $14, o.payload, o.session_seq
  FROM claimed, unnest($22, $23, $24, $25) WITH ORDINALITY AS o (event_id, type, payload, session_seq, place) ORDER BY o.place)
SELECT (SELECT count(*) FROM target), (SELECT count(*) FROM claimed);

-- name: ReadEvents
-- The server cuts the answer where 1 MiB has been read, so that what follows never crosses the wire.
SELECT seq_from, seq_to, turn_id, kind, at, payload FROM (
  SELECT seq_from, seq_to, turn_id, kind, at, payload,
    sum(octet_length(payload)) OVER (ORDER BY seq_from) - octet_length(payload) AS before
  FROM (
    SELECT seq_from, seq_to, turn_id, kind, at, payload FROM session_event
    WHERE tenant = $1 AND session_id = $2 AND seq_to > $3 AND seq_from >= COALESCE((
        SELECT max(seq_from) FROM session_event WHERE tenant = $1 AND session_id = $2 AND seq_from <= $3), 0)
      AND EXISTS (SELECT 1 FROM session WHERE tenant = $1 AND session_id = $2)
    ORDER BY seq_from LIMIT $4) AS event) AS measured
WHERE before < 1048576 ORDER BY seq_from;

-- name: SaveSummary
-- The lock keeps a deletion from passing between the look at the session and the summary.
WITH target AS (SELECT tenant, session_id FROM session WHERE tenant = $1 AND session_id = $2 FOR SHARE)
INSERT INTO session_summary (tenant, session_id, until_seq, text, at)
SELECT tenant, session_id, $3, $4, $5 FROM target
ON CONFLICT (tenant, session_id) DO UPDATE SET until_seq = excluded.until_seq, text = excluded.text, at = excluded.at
WHERE session_summary.until_seq <= excluded.until_seq;

-- name: WriteMemory
INSERT INTO memory_entry (tenant, namespace, memory_key, version, change_id, category, created_at, updated_at, expires_at,
  deleted_at, key_id, request_id, session_id, turn_id, bytes, previous_state, previous_created_at, previous_expires_at, terms,
  metadata, value, previous_metadata, previous_value)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23
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
-- In no order: for one, the server would look at the row of each entry that holds a term, of many thousands maybe.
SELECT entry_id FROM memory_text WHERE term_vector @@ CAST($1 AS tsquery) LIMIT $2;

-- name: ReadMemoryTerms
-- $3 is a JSON array of ids.
SELECT entry_id, memory_key, terms, category, updated_at FROM memory_entry
WHERE tenant = $1 AND namespace = $2 AND deleted_at IS NULL AND (expires_at IS NULL OR expires_at > $4)
  AND entry_id IN (SELECT CAST(id AS bigint) FROM json_array_elements_text(CAST($3 AS json)) AS ids (id));

-- name: ReadMemories
SELECT entry_id, memory_key, version, change_id, category, created_at, updated_at, expires_at, deleted_at, key_id, request_id,
  session_id, turn_id, metadata, value
FROM memory_entry WHERE tenant = $1 AND namespace = $2 AND deleted_at IS NULL
  AND entry_id IN (SELECT CAST(id AS bigint) FROM json_array_elements_text(CAST($3 AS json)) AS ids (id));

-- name: ReadMemoryVectors
SELECT entry_id, vector FROM memory_vector
WHERE entry_id IN (SELECT CAST(id AS bigint) FROM json_array_elements_text(CAST($1 AS json)) AS ids (id));

-- name: AddMemorySignature
-- The lock keeps a deletion from passing between the look at the entry and what is added beside it.
WITH entry AS (
  SELECT tenant, namespace, entry_id FROM memory_entry
  WHERE tenant = $1 AND namespace = $2 AND entry_id = $3 AND deleted_at IS NULL FOR KEY SHARE)
INSERT INTO memory_signature (tenant, namespace, entry_id, signature) SELECT tenant, namespace, entry_id, $4 FROM entry
ON CONFLICT (tenant, namespace, entry_id) DO UPDATE SET signature = excluded.signature;

-- name: AddMemoryVector
WITH entry AS (SELECT entry_id FROM memory_entry WHERE entry_id = $1 AND deleted_at IS NULL FOR KEY SHARE)
INSERT INTO memory_vector (entry_id, vector) SELECT entry_id, $2 FROM entry
ON CONFLICT (entry_id) DO UPDATE SET vector = excluded.vector;
