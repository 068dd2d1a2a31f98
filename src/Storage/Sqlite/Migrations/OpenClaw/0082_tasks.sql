-- Scheduled tasks, whose definitions are grain state: how far each is with its slots, and its runs.

CREATE TABLE IF NOT EXISTS task (
  tenant     TEXT    NOT NULL,
  task_id    TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  -- The API key that the task ends with.
  key_id     TEXT,
  revision   INTEGER NOT NULL,
  -- Names the change that made the row as it is; a change that is repeated finds its own.
  change_id  BLOB    NOT NULL,
  -- Slots up to and including this one are handled.
  through    INTEGER NOT NULL,
  -- The next slot; null while there is none.
  next_at    INTEGER,
  -- Runs that failed in a row.
  failures   INTEGER NOT NULL,
  PRIMARY KEY (tenant, task_id)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS task_by_creation ON task (tenant, created_at, task_id);

CREATE INDEX IF NOT EXISTS task_by_next ON task (next_at) WHERE next_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS task_by_key ON task (key_id, task_id) WHERE key_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS task_run (
  tenant          TEXT    NOT NULL,
  task_id         TEXT    NOT NULL,
  -- The slot, or when a run beside the slots was asked for.
  slot            INTEGER NOT NULL,
  -- 1: it was asked for.
  manual          INTEGER NOT NULL,
  run_id          TEXT    NOT NULL,
  status          TEXT    NOT NULL,
  attempt         INTEGER NOT NULL,
  -- The activation that drives it; nobody else writes the row.
  claim           BLOB    NOT NULL,
  started_at      INTEGER,
  finished_at     INTEGER,
  next_attempt_at INTEGER,
  session_id      TEXT,
  error           BLOB,
  result          BLOB,
  PRIMARY KEY (tenant, task_id, slot, manual)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS task_run_unfinished ON task_run (tenant, task_id) WHERE finished_at IS NULL;

CREATE INDEX IF NOT EXISTS task_run_by_end ON task_run (finished_at) WHERE finished_at IS NOT NULL;
