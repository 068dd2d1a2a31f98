-- The statements both databases share. "-- name:" begins one; $1, $2, ... are its parameters (?1, ?2, ... to SQLite).

-- name: CreateSession
-- A repeated creation finds its own row and counts it again.
INSERT INTO session (tenant, session_id, epoch, revision, head, reserved, run_state, append_id, message_count, input_tokens,
  output_tokens, created_at, updated_at, overlap, model, title, mailbox, context, system_prompt)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19
WHERE NOT EXISTS (SELECT 1 FROM session_purge WHERE tenant = $1 AND session_id = $2)
  AND NOT EXISTS (SELECT 1 FROM deleted_tenant WHERE tenant = $1)
ON CONFLICT (tenant, session_id) DO UPDATE SET append_id = excluded.append_id WHERE session.append_id = excluded.append_id;

-- name: FindSession
SELECT tenant, session_id, epoch, revision, head, reserved, run_state, message_count, input_tokens, output_tokens, created_at,
  updated_at, overlap, model, title, mailbox, context, system_prompt
FROM session WHERE tenant = $1 AND session_id = $2;

-- name: FindRevision
SELECT epoch, revision, append_id FROM session WHERE tenant = $1 AND session_id = $2;

-- name: ListSessions
SELECT tenant, session_id, epoch, revision, head, reserved, run_state, message_count, input_tokens, output_tokens, created_at,
  updated_at, overlap, model, title, mailbox, context, system_prompt
FROM session
WHERE tenant = $1 AND (created_at, session_id) < ($2, $3)
ORDER BY created_at DESC, session_id DESC LIMIT $4;

-- name: ListRunningSessions
SELECT tenant, session_id FROM session WHERE run_state = 2 ORDER BY updated_at LIMIT $1;

-- name: ListActiveSessions
-- In the order of the keys, which a running turn does not change as it does its session's time: a pager meets each once.
-- The partial index gives the running sessions first, however many others there are.
WITH running AS MATERIALIZED (SELECT tenant, session_id FROM session WHERE run_state = 2 ORDER BY updated_at)
SELECT session.tenant, session.session_id, session.model, session.updated_at, session.mailbox
FROM running JOIN session ON session.tenant = running.tenant AND session.session_id = running.session_id
WHERE session.run_state = 2 AND (running.tenant = $1 OR $1 = '') AND (running.tenant, running.session_id) > ($2, $3)
ORDER BY running.tenant, running.session_id LIMIT $4;

-- name: FindSessionTenants
-- One look at the key for each tenant: ids alone have no index, which every session would pay for.
SELECT tenant_id FROM (
  SELECT tenant_id, (SELECT 1 FROM session WHERE session.tenant = tenant.tenant_id AND session.session_id = $1) AS found
  FROM tenant) AS looked
WHERE found = 1 ORDER BY tenant_id LIMIT $2;

-- name: ListRunningSessionsOf
-- The expression keeps SQLite off the tenant's own index, which holds the sessions that do not run as well.
SELECT tenant, session_id FROM session WHERE run_state = 2 AND tenant || '' = $1 ORDER BY updated_at LIMIT $2;

-- name: DeleteSession
-- A trigger notes the session for the purge.
DELETE FROM session WHERE tenant = $1 AND session_id = $2;

-- name: DeleteSessions
DELETE FROM session WHERE (tenant, session_id) IN (
  SELECT tenant, session_id FROM session WHERE tenant = $1 ORDER BY session_id LIMIT $2);

-- name: ReadEvents
-- Events do not overlap: at most one that begins at or below the seq ends above it.
SELECT seq_from, seq_to, turn_id, kind, at, payload FROM session_event
WHERE tenant = $1 AND session_id = $2 AND seq_to > $3 AND seq_from >= COALESCE((
    SELECT max(seq_from) FROM session_event WHERE tenant = $1 AND session_id = $2 AND seq_from <= $3), 0)
  AND EXISTS (SELECT 1 FROM session WHERE tenant = $1 AND session_id = $2)
ORDER BY seq_from LIMIT $4;

-- name: ReadMessagesAfter
SELECT seq_from, seq_to, turn_id, kind, at, payload FROM session_event
WHERE tenant = $1 AND session_id = $2 AND listed = 1 AND seq_from > $3
  AND EXISTS (SELECT 1 FROM session WHERE tenant = $1 AND session_id = $2)
ORDER BY seq_from LIMIT $4;

-- name: ReadMessagesBefore
SELECT seq_from, seq_to, turn_id, kind, at, payload FROM session_event
WHERE tenant = $1 AND session_id = $2 AND listed = 1 AND seq_from < $3
  AND EXISTS (SELECT 1 FROM session WHERE tenant = $1 AND session_id = $2)
ORDER BY seq_from DESC LIMIT $4;

-- name: FindDone
-- 5 is SessionEventKind.Done.
SELECT seq_from, seq_to, turn_id, kind, at, payload FROM session_event
WHERE tenant = $1 AND session_id = $2 AND seq_to > $3 AND seq_from >= COALESCE((
    SELECT max(seq_from) FROM session_event WHERE tenant = $1 AND session_id = $2 AND seq_from <= $3), 0)
  AND kind = 5 AND turn_id = $4
  AND EXISTS (SELECT 1 FROM session WHERE tenant = $1 AND session_id = $2)
ORDER BY seq_from LIMIT 1;

-- name: FindSummary
SELECT until_seq, text, at FROM session_summary
WHERE tenant = $1 AND session_id = $2 AND EXISTS (SELECT 1 FROM session WHERE tenant = $1 AND session_id = $2);

-- name: SaveSummary
-- An activation that is late does not replace a summary that covers more.
INSERT INTO session_summary (tenant, session_id, until_seq, text, at)
SELECT tenant, session_id, $3, $4, $5 FROM session WHERE tenant = $1 AND session_id = $2
ON CONFLICT (tenant, session_id) DO UPDATE SET until_seq = excluded.until_seq, text = excluded.text, at = excluded.at
WHERE session_summary.until_seq <= excluded.until_seq;

-- name: ListPurges
SELECT tenant, session_id FROM session_purge ORDER BY tenant, session_id LIMIT $1;

-- name: ListPurgesOf
SELECT tenant, session_id FROM session_purge WHERE tenant = $1 ORDER BY session_id LIMIT $2;

-- name: PurgeEvents
DELETE FROM session_event WHERE tenant = $1 AND session_id = $2 AND seq_from <= (
  SELECT max(seq_from) FROM (
    SELECT seq_from FROM session_event WHERE tenant = $1 AND session_id = $2 ORDER BY seq_from LIMIT $3) AS piece);

-- name: PurgeSummary
DELETE FROM session_summary WHERE tenant = $1 AND session_id = $2;

-- name: PurgeDone
DELETE FROM session_purge WHERE tenant = $1 AND session_id = $2;

-- name: FindIdempotency
SELECT tenant, scope, idempotency_key, fingerprint, result, expires_at FROM idempotency
WHERE tenant = $1 AND scope = $2 AND idempotency_key = $3 AND expires_at > $4;

-- name: InsertIdempotency
-- Replaces an expired row, and its own when the write is repeated.
INSERT INTO idempotency (tenant, scope, idempotency_key, fingerprint, result, expires_at, claim)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant, scope, idempotency_key) DO UPDATE
SET fingerprint = excluded.fingerprint, result = excluded.result, expires_at = excluded.expires_at, claim = excluded.claim
WHERE idempotency.expires_at <= $8 OR idempotency.claim = excluded.claim;

-- name: CompleteIdempotency
UPDATE idempotency SET result = $4 WHERE tenant = $1 AND scope = $2 AND idempotency_key = $3;

-- name: RemoveIdempotency
DELETE FROM idempotency WHERE tenant = $1 AND scope = $2 AND idempotency_key = $3 AND claim = $4;

-- name: PurgeIdempotency
DELETE FROM idempotency WHERE (tenant, scope, idempotency_key) IN (
  SELECT tenant, scope, idempotency_key FROM idempotency WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2);

-- name: RemoveTenantIdempotency
DELETE FROM idempotency WHERE (tenant, scope, idempotency_key) IN (
  SELECT tenant, scope, idempotency_key FROM idempotency WHERE tenant = $1 ORDER BY scope, idempotency_key LIMIT $2);

-- name: ListProtectionKeys
SELECT name, xml FROM protection_key ORDER BY name;

-- name: AddProtectionKey
-- A key never changes: the row that is there is this one, written before the connection died.
INSERT INTO protection_key (name, xml, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING;

-- name: AddUsage
INSERT INTO tenant_usage (tenant, day, model, shard, turns, input_tokens, output_tokens, estimated_input_tokens,
  estimated_output_tokens, cost_billionths)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (tenant, day, model, shard) DO UPDATE
SET turns = tenant_usage.turns + excluded.turns, input_tokens = tenant_usage.input_tokens + excluded.input_tokens,
  output_tokens = tenant_usage.output_tokens + excluded.output_tokens,
  estimated_input_tokens = tenant_usage.estimated_input_tokens + excluded.estimated_input_tokens,
  estimated_output_tokens = tenant_usage.estimated_output_tokens + excluded.estimated_output_tokens,
  cost_billionths = tenant_usage.cost_billionths + excluded.cost_billionths;

-- name: ListUsage
SELECT day, model, CAST(sum(turns) AS bigint), CAST(sum(input_tokens) AS bigint), CAST(sum(output_tokens) AS bigint),
  CAST(sum(estimated_input_tokens) AS bigint), CAST(sum(estimated_output_tokens) AS bigint), CAST(sum(cost_billionths) AS bigint)
FROM tenant_usage WHERE tenant = $1 AND day >= $2 AND day <= $3 GROUP BY day, model ORDER BY day, model;

-- name: RemoveTenantUsage
DELETE FROM tenant_usage WHERE (tenant, day, model, shard) IN (
  SELECT tenant, day, model, shard FROM tenant_usage WHERE tenant = $1 ORDER BY day, model, shard LIMIT $2);

-- name: AddTenant
INSERT INTO tenant (tenant_id, name, created_at) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id) DO UPDATE SET name = excluded.name, created_at = excluded.created_at;

-- name: RemoveTenant
DELETE FROM tenant WHERE tenant_id = $1;

-- name: ListTenants
SELECT tenant_id, name, created_at FROM tenant
WHERE (created_at, tenant_id) > ($1, $2) ORDER BY created_at, tenant_id LIMIT $3;

-- name: BeginTenantDeletion
INSERT INTO deleted_tenant (tenant, deleted_at, removed_at) VALUES ($1, $2, NULL)
ON CONFLICT (tenant) DO UPDATE SET deleted_at = excluded.deleted_at, removed_at = NULL;

-- name: EndTenantDeletion
UPDATE deleted_tenant SET removed_at = $2 WHERE tenant = $1;

-- name: ForgetTenantDeletion
DELETE FROM deleted_tenant WHERE tenant = $1;

-- name: ListTenantDeletions
SELECT tenant FROM deleted_tenant WHERE removed_at IS NULL ORDER BY deleted_at LIMIT $1;

-- name: AddApiKey
INSERT INTO api_key (key_id, tenant, name, scopes, created_at, expires_at, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (key_id) DO UPDATE SET tenant = excluded.tenant, name = excluded.name, scopes = excluded.scopes,
  created_at = excluded.created_at, expires_at = excluded.expires_at, hash = excluded.hash;

-- name: RemoveApiKey
DELETE FROM api_key WHERE key_id = $1;

-- name: ListApiKeys
SELECT key_id, tenant, name, scopes, created_at, expires_at, hash FROM api_key
WHERE tenant = $1 AND (created_at, key_id) > ($2, $3) ORDER BY created_at, key_id LIMIT $4;

-- name: FindApiKey
SELECT key_id, tenant, name, scopes, created_at, expires_at, hash FROM api_key WHERE key_id = $1;

-- name: RegisterActivation
-- $6 is the activation that this one may replace: itself when there is no other.
INSERT INTO activation (cluster, grain, activation_id, silo, membership_version)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (cluster, grain) DO UPDATE
SET activation_id = excluded.activation_id, silo = excluded.silo, membership_version = excluded.membership_version
WHERE activation.activation_id = $6 OR activation.activation_id = excluded.activation_id;

-- name: FindActivation
SELECT activation_id, silo, membership_version FROM activation WHERE cluster = $1 AND grain = $2;

-- name: UnregisterActivation
DELETE FROM activation WHERE cluster = $1 AND grain = $2 AND activation_id = $3;

-- name: ListActivationSilos
SELECT DISTINCT silo FROM activation WHERE cluster = $1;

-- name: UnregisterSilo
DELETE FROM activation WHERE (cluster, grain) IN (
  SELECT cluster, grain FROM activation WHERE cluster = $1 AND silo = $2 ORDER BY grain LIMIT $3);

-- name: AddMemoryNamespace
INSERT INTO memory_namespace (tenant, namespace)
SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM deleted_tenant WHERE tenant = $1)
ON CONFLICT (tenant, namespace) DO NOTHING;

-- name: FindMemoryNamespace
SELECT number, entries, last_id, embedded_by, embedded_through FROM memory_namespace WHERE tenant = $1 AND namespace = $2;

-- name: SumMemory
SELECT count(*), CAST(COALESCE(sum(entries), 0) AS bigint), CAST(COALESCE(sum(bytes), 0) AS bigint)
FROM memory_namespace WHERE tenant = $1;

-- name: FindMemory
SELECT entry_id, memory_key, version, change_id, category, created_at, updated_at, expires_at, deleted_at, key_id, request_id,
  session_id, turn_id, metadata, value, previous_state, previous_created_at, previous_expires_at, previous_metadata, previous_value
FROM memory_entry WHERE tenant = $1 AND namespace = $2 AND memory_key = $3;

-- name: ListMemories
SELECT entry_id, memory_key, version, change_id, category, created_at, updated_at, expires_at, deleted_at, key_id, request_id,
  session_id, turn_id, metadata, value
FROM memory_entry
WHERE tenant = $1 AND namespace = $2 AND memory_key > $3 AND deleted_at IS NULL AND (expires_at IS NULL OR expires_at > $4)
ORDER BY memory_key LIMIT $5;

-- name: ListMemoriesOf
SELECT entry_id, memory_key, version, change_id, category, created_at, updated_at, expires_at, deleted_at, key_id, request_id,
  session_id, turn_id, metadata, value
FROM memory_entry
WHERE tenant = $1 AND namespace = $2 AND memory_key > $3 AND deleted_at IS NULL AND (expires_at IS NULL OR expires_at > $4)
  AND category = $6
ORDER BY memory_key LIMIT $5;

-- name: ListMemoryChanges
-- What is to be embedded, in the order of the changes.
SELECT entry_id, memory_key, version, change_id, category, created_at, updated_at, expires_at, deleted_at, key_id, request_id,
  session_id, turn_id, metadata, value
FROM memory_entry
WHERE tenant = $1 AND namespace = $2 AND entry_id > $3 AND entry_id <= $4 AND deleted_at IS NULL
ORDER BY entry_id LIMIT $5;

-- name: PurgeMemories
-- What has expired, and what was deleted too long ago to be undone (2: another entry was there before).
DELETE FROM memory_entry WHERE entry_id IN (
  SELECT entry_id FROM (
    SELECT entry_id FROM memory_entry
    WHERE expires_at <= $1 AND (previous_state <> 2 OR expires_at <= $2) ORDER BY expires_at LIMIT $3) AS expired
  UNION ALL
  SELECT entry_id FROM (SELECT entry_id FROM memory_entry WHERE deleted_at <= $2 ORDER BY deleted_at LIMIT $3) AS deleted);

-- name: RemoveTenantMemories
DELETE FROM memory_entry WHERE entry_id IN (SELECT entry_id FROM memory_entry WHERE tenant = $1 LIMIT $2);

-- name: RemoveTenantMemoryNamespaces
DELETE FROM memory_namespace WHERE tenant = $1 AND NOT EXISTS (SELECT 1 FROM memory_entry WHERE tenant = $1);

-- name: ListMemoryNamespacesToEmbed
SELECT tenant, namespace FROM memory_namespace WHERE last_id > 0 AND (embedded_by <> $1 OR embedded_through < last_id)
ORDER BY number LIMIT $2;

-- name: MarkMemoryEmbedded
UPDATE memory_namespace SET embedded_by = $3, embedded_through = $4 WHERE tenant = $1 AND namespace = $2 AND embedded_by = $5;

-- name: AddMemorySignature
-- Only for an entry that has not changed meanwhile.
INSERT INTO memory_signature (tenant, namespace, entry_id, signature)
SELECT tenant, namespace, entry_id, $4 FROM memory_entry WHERE tenant = $1 AND namespace = $2 AND entry_id = $3 AND deleted_at IS NULL
ON CONFLICT (tenant, namespace, entry_id) DO UPDATE SET signature = excluded.signature;

-- name: AddMemoryVector
INSERT INTO memory_vector (entry_id, vector)
SELECT entry_id, $2 FROM memory_entry WHERE entry_id = $1 AND deleted_at IS NULL
ON CONFLICT (entry_id) DO UPDATE SET vector = excluded.vector;

-- name: RemoveMemoryVectors
DELETE FROM memory_vector WHERE entry_id IN (
  SELECT entry_id FROM memory_signature WHERE tenant = $1 AND namespace = $2 ORDER BY entry_id LIMIT $3);

-- name: RemoveMemorySignatures
DELETE FROM memory_signature WHERE tenant = $1 AND namespace = $2 AND entry_id IN (
  SELECT entry_id FROM memory_signature WHERE tenant = $1 AND namespace = $2 ORDER BY entry_id LIMIT $3);

-- name: ListMemorySignatures
SELECT entry_id, signature FROM memory_signature WHERE tenant = $1 AND namespace = $2 AND entry_id > $3 ORDER BY entry_id LIMIT $4;

-- name: ListMemorySignaturesOf
-- By the index of categories: a category may be a small part of its namespace.
SELECT memory_signature.entry_id, memory_signature.signature FROM memory_entry
JOIN memory_signature ON memory_signature.tenant = memory_entry.tenant AND memory_signature.namespace = memory_entry.namespace
  AND memory_signature.entry_id = memory_entry.entry_id
WHERE memory_entry.tenant = $1 AND memory_entry.namespace = $2 AND memory_entry.category = $5 AND memory_entry.entry_id > $3
ORDER BY memory_entry.entry_id LIMIT $4;

-- name: AddSkill
INSERT INTO skill (tenant, name) VALUES ($1, $2) ON CONFLICT (tenant, name) DO NOTHING;

-- name: RemoveSkill
DELETE FROM skill WHERE tenant = $1 AND name = $2;

-- name: ListSkills
SELECT name FROM skill WHERE tenant = $1 ORDER BY name LIMIT $2;

-- name: BeginSkillRun
-- Repeated after a lost answer, it finds its own row.
INSERT INTO skill_run (tenant, skill, started_at, run_id, action, version, revision, session_id, turn_id, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (tenant, skill, started_at, run_id) DO NOTHING;

-- name: EndSkillRun
UPDATE skill_run SET finished_at = $5, status = $6 WHERE tenant = $1 AND skill = $2 AND started_at = $3 AND run_id = $4;

-- name: ListSkillRuns
SELECT started_at, run_id, action, version, revision, session_id, turn_id, finished_at, status FROM skill_run
WHERE tenant = $1 AND skill = $2 AND (started_at, run_id) < ($3, $4)
ORDER BY started_at DESC, run_id DESC LIMIT $5;

-- name: PurgeSkillRuns
DELETE FROM skill_run WHERE (tenant, skill, started_at, run_id) IN (
  SELECT tenant, skill, started_at, run_id FROM skill_run WHERE started_at < $1 ORDER BY started_at LIMIT $2);

-- name: RemoveTenantSkillRuns
DELETE FROM skill_run WHERE (tenant, skill, started_at, run_id) IN (
  SELECT tenant, skill, started_at, run_id FROM skill_run WHERE tenant = $1 LIMIT $2);
