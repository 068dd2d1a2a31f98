-- Scheduled tasks and their runs. Whoever changes a task's row states its revision; whoever changes a run's, its claim. What tells of
-- a change stands before it in the transaction, and looks for the state before, so that a repeated transaction tells nothing twice.

-- name: AddTask
-- A repeated creation finds its own row and counts it again.
INSERT INTO task (tenant, task_id, created_at, key_id, revision, change_id, through, next_at, failures)
SELECT $1, $2, $3, $4, 1, $5, $6, $7, 0
WHERE ((SELECT count(*) FROM task WHERE tenant = $1) < $8 OR EXISTS (SELECT 1 FROM task WHERE tenant = $1 AND task_id = $2))
  AND NOT EXISTS (SELECT 1 FROM deleted_tenant WHERE tenant = $1)
ON CONFLICT (tenant, task_id) DO UPDATE SET change_id = excluded.change_id WHERE task.change_id = excluded.change_id;

-- name: FindTask
SELECT created_at, key_id, revision, through, next_at, failures FROM task WHERE tenant = $1 AND task_id = $2;

-- name: ListTasks
SELECT task_id, created_at FROM task WHERE tenant = $1 AND (created_at, task_id) < ($2, $3)
ORDER BY created_at DESC, task_id DESC LIMIT $4;

-- name: ListOverdueTasks
SELECT tenant, task_id FROM task WHERE next_at <= $1 ORDER BY next_at LIMIT $2;

-- name: ListUnfinishedTasks
SELECT DISTINCT tenant, task_id FROM task_run WHERE finished_at IS NULL AND (tenant, task_id) > ($1, $2)
ORDER BY tenant, task_id LIMIT $3;

-- name: ListTasksOfKey
SELECT tenant, task_id FROM task WHERE key_id = $1 AND task_id > $2 ORDER BY task_id LIMIT $3;

-- name: SetTask
UPDATE task SET revision = $3 + 1, change_id = $4, key_id = $5, through = $6, next_at = $7, failures = $8
WHERE tenant = $1 AND task_id = $2 AND (revision = $3 OR change_id = $4);

-- name: RemoveTask
DELETE FROM task WHERE tenant = $1 AND task_id = $2;

-- name: TellTask
-- Of a change of its task.
INSERT INTO outbox (tenant, session_id, event_id, type, at, payload)
SELECT $1, '', $4, $5, $6, $7 FROM task WHERE tenant = $1 AND task_id = $2 AND revision = $3
  AND NOT EXISTS (SELECT 1 FROM deleted_tenant WHERE tenant = $1);

-- name: TellTaskRun
-- Of a run whose row comes with the change $5 of its task.
INSERT INTO outbox (tenant, session_id, event_id, type, at, payload)
SELECT $1, $6, $7, $8, $9, $10 FROM task
WHERE tenant = $1 AND task_id = $2 AND change_id = $5
  AND NOT EXISTS (SELECT 1 FROM task_run WHERE tenant = $1 AND task_id = $2 AND slot = $3 AND manual = $4)
  AND NOT EXISTS (SELECT 1 FROM deleted_tenant WHERE tenant = $1);

-- name: AddTaskRun
INSERT INTO task_run (tenant, task_id, slot, manual, run_id, status, attempt, claim, started_at, finished_at, next_attempt_at,
  session_id, error, result)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14 FROM task WHERE tenant = $1 AND task_id = $2 AND change_id = $15
-- Repeated after a lost answer, it finds its own row, which nobody has written since.
ON CONFLICT (tenant, task_id, slot, manual) DO UPDATE SET claim = excluded.claim
WHERE task_run.claim = excluded.claim AND task_run.finished_at IS NOT DISTINCT FROM excluded.finished_at;

-- name: HoldTaskRun
-- Another activation that takes the run waits until this transaction has ended, and what follows here sees whose it is.
UPDATE task_run SET claim = $5 WHERE tenant = $1 AND task_id = $2 AND slot = $3 AND manual = $4 AND claim = $5;

-- name: TellTaskStart
-- Of a run that has waited until now.
INSERT INTO outbox (tenant, session_id, event_id, type, at, payload)
SELECT $1, $6, $7, $8, $9, $10 FROM task_run
WHERE tenant = $1 AND task_id = $2 AND slot = $3 AND manual = $4 AND claim = $5 AND started_at IS NULL AND finished_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM deleted_tenant WHERE tenant = $1);

-- name: TellTaskEnd
INSERT INTO outbox (tenant, session_id, event_id, type, at, payload)
SELECT $1, $6, $7, $8, $9, $10 FROM task_run
WHERE tenant = $1 AND task_id = $2 AND slot = $3 AND manual = $4 AND claim = $5 AND finished_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM deleted_tenant WHERE tenant = $1);

-- name: CountTaskFailures
UPDATE task SET failures = $6, next_at = CASE WHEN $7 = 1 THEN NULL ELSE next_at END
WHERE tenant = $1 AND task_id = $2 AND EXISTS (
  SELECT 1 FROM task_run
  WHERE tenant = $1 AND task_id = $2 AND slot = $3 AND manual = $4 AND claim = $5 AND finished_at IS NULL);

-- name: SetTaskRun
UPDATE task_run SET status = $6, attempt = $7, started_at = $8, finished_at = $9, next_attempt_at = $10, session_id = $11, error = $12,
  result = $13
WHERE tenant = $1 AND task_id = $2 AND slot = $3 AND manual = $4 AND claim = $5;

-- name: ClaimTaskRuns
UPDATE task_run SET claim = $3 WHERE tenant = $1 AND task_id = $2 AND finished_at IS NULL;

-- name: ListUnfinishedTaskRuns
SELECT slot, manual, run_id, status, attempt, claim, started_at, finished_at, next_attempt_at, session_id, error, result FROM task_run
WHERE tenant = $1 AND task_id = $2 AND finished_at IS NULL ORDER BY slot, manual;

-- name: ListTaskRuns
SELECT slot, manual, run_id, status, attempt, claim, started_at, finished_at, next_attempt_at, session_id, error, result FROM task_run
WHERE tenant = $1 AND task_id = $2 AND (slot, manual) < ($3, $4) ORDER BY slot DESC, manual DESC LIMIT $5;

-- name: FindLastTaskRun
-- Without what it came to, which may be long.
SELECT slot, manual, run_id, status, attempt, claim, started_at, finished_at, next_attempt_at, session_id, error,
  CAST(NULL AS bytea) FROM task_run
WHERE tenant = $1 AND task_id = $2 ORDER BY slot DESC, manual DESC LIMIT 1;

-- name: TrimTaskRuns
-- All but the latest.
DELETE FROM task_run WHERE tenant = $1 AND task_id = $2 AND finished_at IS NOT NULL AND slot < (
  SELECT slot FROM task_run WHERE tenant = $1 AND task_id = $2 ORDER BY slot DESC LIMIT 1 OFFSET $3);

-- name: RemoveTaskRuns
DELETE FROM task_run WHERE (tenant, task_id, slot, manual) IN (
  SELECT tenant, task_id, slot, manual FROM task_run WHERE tenant = $1 AND task_id = $2 LIMIT $3);

-- name: PurgeTaskRuns
DELETE FROM task_run WHERE (tenant, task_id, slot, manual) IN (
  SELECT tenant, task_id, slot, manual FROM task_run WHERE finished_at < $1 ORDER BY finished_at LIMIT $2);

-- name: RemoveTenantTaskRuns
DELETE FROM task_run WHERE (tenant, task_id, slot, manual) IN (
  SELECT tenant, task_id, slot, manual FROM task_run WHERE tenant = $1 LIMIT $2);
