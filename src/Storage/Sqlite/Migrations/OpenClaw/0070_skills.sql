-- Installed skills, whose definitions are grain state, and what they were run for.

CREATE TABLE IF NOT EXISTS skill (
  tenant TEXT NOT NULL,
  name   TEXT NOT NULL,
  PRIMARY KEY (tenant, name)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS skill_run (
  tenant      TEXT    NOT NULL,
  skill       TEXT    NOT NULL,
  started_at  INTEGER NOT NULL,
  run_id      TEXT    NOT NULL,
  action      TEXT    NOT NULL,
  version     TEXT    NOT NULL,
  revision    TEXT    NOT NULL,
  session_id  TEXT,
  turn_id     TEXT,
  -- Null while it runs, and for good when its silo died under it.
  finished_at INTEGER,
  status      TEXT    NOT NULL,
  PRIMARY KEY (tenant, skill, started_at, run_id)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS skill_run_by_time ON skill_run (started_at);
