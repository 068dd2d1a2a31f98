-- Scheduled tasks, whose definitions are grain state: how far each is with its slots, and its runs.

CREATE TABLE IF NOT EXISTS task (
  tenant     text COLLATE "C" NOT NULL,
  task_id    text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  -- The API key that the task ends with.
  key_id     text COLLATE "C",
  revision   bigint NOT NULL,
  -- Names the change that made the row as it is; a change that is repeated finds its own.
  change_id  bytea NOT NULL,
  -- Slots up to and including this one are handled.
  through    bigint NOT NULL,
  -- The next slot; null while there is none.
  next_at    bigint,
  -- Runs that failed in a row.
  failures   bigint NOT NULL,
  PRIMARY KEY (tenant, task_id)
);

CREATE INDEX IF NOT EXISTS task_by_creation ON task (tenant, created_at, task_id);

CREATE INDEX IF NOT EXISTS task_by_next ON task (next_at) WHERE next_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS task_by_key ON task (key_id, task_id) WHERE key_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS task_run (
  tenant          text COLLATE "C" NOT NULL,
  task_id         text COLLATE "C" NOT NULL,
  -- The slot, or when a run beside the slots was asked for.
  slot            bigint NOT NULL,
  -- 1: it was asked for.
  manual          bigint NOT NULL,
  run_id          text COLLATE "C" NOT NULL,
  status          text COLLATE "C" NOT NULL,
  attempt         bigint NOT NULL,
  -- The activation that drives it; nobody else writes the row.
  claim           bytea NOT NULL,
  started_at      bigint,
  finished_at     bigint,
  next_attempt_at bigint,
  session_id      text COLLATE "C",
  error           bytea,
  result          bytea,
  PRIMARY KEY (tenant, task_id, slot, manual)
);

CREATE INDEX IF NOT EXISTS task_run_unfinished ON task_run (tenant, task_id) WHERE finished_at IS NULL;

CREATE INDEX IF NOT EXISTS task_run_by_end ON task_run (finished_at) WHERE finished_at IS NOT NULL;
