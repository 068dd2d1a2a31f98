-- Installed skills, whose definitions are grain state, and what they were run for.

CREATE TABLE IF NOT EXISTS skill (
  tenant text COLLATE "C" NOT NULL,
  name   text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, name)
);

CREATE TABLE IF NOT EXISTS skill_run (
  tenant      text COLLATE "C" NOT NULL,
  skill       text COLLATE "C" NOT NULL,
  started_at  bigint NOT NULL,
  run_id      text COLLATE "C" NOT NULL,
  action      text COLLATE "C" NOT NULL,
  version     text COLLATE "C" NOT NULL,
  revision    text COLLATE "C" NOT NULL,
  session_id  text COLLATE "C",
  turn_id     text COLLATE "C",
  -- Null while it runs, and for good when its silo died under it.
  finished_at bigint,
  status      text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, skill, started_at, run_id)
);

CREATE INDEX IF NOT EXISTS skill_run_by_time ON skill_run (started_at);
