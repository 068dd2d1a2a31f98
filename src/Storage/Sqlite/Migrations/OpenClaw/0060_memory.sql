-- What tenants' assistants remember. The version before this one neither reads nor writes these tables.

CREATE TABLE IF NOT EXISTS memory_namespace (
  -- Stands before each term of the index, so that each namespace has its own.
  number           INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant           TEXT    NOT NULL,
  namespace        TEXT    NOT NULL,
  entries          INTEGER NOT NULL DEFAULT 0,
  bytes            INTEGER NOT NULL DEFAULT 0,
  -- The greatest entry_id that the namespace has had.
  last_id          INTEGER NOT NULL DEFAULT 0,
  -- The model whose vectors the entries up to embedded_through have.
  embedded_by      TEXT    NOT NULL DEFAULT '',
  embedded_through INTEGER NOT NULL DEFAULT 0,
  UNIQUE (tenant, namespace)
);

-- One row: the last entry_id that was given. A number that was one entry's is never another's, not even after a deletion.
CREATE TABLE IF NOT EXISTS memory_sequence (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  last_id INTEGER NOT NULL
);

INSERT INTO memory_sequence (one, last_id) VALUES (1, 0) ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS memory_entry (
  -- A new one with each change: entries lie, and are found, in the order of their changes.
  entry_id            INTEGER PRIMARY KEY,
  tenant              TEXT    NOT NULL,
  namespace           TEXT    NOT NULL,
  memory_key          TEXT    NOT NULL,
  version             INTEGER NOT NULL,
  -- Names the change that made the row as it is; the next one states it.
  change_id           BLOB    NOT NULL,
  category            TEXT,
  created_at          INTEGER NOT NULL,
  updated_at          INTEGER NOT NULL,
  expires_at          INTEGER,
  -- Not null: the entry was deleted, and is here to be undone.
  deleted_at          INTEGER,
  key_id              TEXT,
  request_id          TEXT,
  session_id          TEXT,
  turn_id             TEXT,
  bytes               INTEGER NOT NULL,
  -- 0: there is nothing to undo, 1: there was no entry before the change, 2: there was this one.
  previous_state      INTEGER NOT NULL,
  previous_created_at INTEGER,
  previous_expires_at INTEGER,
  terms               TEXT    NOT NULL,
  metadata            BLOB,
  value               BLOB,
  previous_metadata   BLOB,
  previous_value      BLOB
);

CREATE UNIQUE INDEX IF NOT EXISTS memory_entry_by_key ON memory_entry (tenant, namespace, memory_key);

CREATE INDEX IF NOT EXISTS memory_entry_by_category ON memory_entry (tenant, namespace, category, memory_key)
  WHERE category IS NOT NULL;

CREATE INDEX IF NOT EXISTS memory_entry_by_change ON memory_entry (tenant, namespace, entry_id);

CREATE INDEX IF NOT EXISTS memory_entry_by_expiry ON memory_entry (expires_at) WHERE expires_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS memory_entry_by_deletion ON memory_entry (deleted_at) WHERE deleted_at IS NOT NULL;

-- Which entries hold a term, and nothing else: neither the text nor places in it. What is between spaces is a term.
CREATE VIRTUAL TABLE IF NOT EXISTS memory_text USING fts5 (
  terms, content = '', contentless_delete = 1, detail = none, tokenize = "ascii tokenchars '~=!@'");

-- An eighth of the vector or less, by which the nearest are looked for.
CREATE TABLE IF NOT EXISTS memory_signature (
  tenant    TEXT    NOT NULL,
  namespace TEXT    NOT NULL,
  entry_id  INTEGER NOT NULL,
  signature BLOB    NOT NULL,
  PRIMARY KEY (tenant, namespace, entry_id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS memory_vector (
  entry_id INTEGER PRIMARY KEY,
  vector   BLOB    NOT NULL
);

CREATE TRIGGER IF NOT EXISTS memory_entry_added AFTER INSERT ON memory_entry
BEGIN
  UPDATE memory_sequence SET last_id = NEW.entry_id;
  INSERT INTO memory_text (rowid, terms) SELECT NEW.entry_id, NEW.terms WHERE NEW.deleted_at IS NULL;
  UPDATE memory_namespace
  SET entries = entries + (NEW.deleted_at IS NULL), bytes = bytes + NEW.bytes, last_id = max(last_id, NEW.entry_id)
  WHERE tenant = NEW.tenant AND namespace = NEW.namespace;
END;

CREATE TRIGGER IF NOT EXISTS memory_entry_changed AFTER UPDATE OF entry_id ON memory_entry
BEGIN
  UPDATE memory_sequence SET last_id = NEW.entry_id;
  DELETE FROM memory_text WHERE rowid = OLD.entry_id AND OLD.deleted_at IS NULL;
  INSERT INTO memory_text (rowid, terms) SELECT NEW.entry_id, NEW.terms WHERE NEW.deleted_at IS NULL;
  DELETE FROM memory_signature WHERE tenant = OLD.tenant AND namespace = OLD.namespace AND entry_id = OLD.entry_id;
  DELETE FROM memory_vector WHERE entry_id = OLD.entry_id;
  UPDATE memory_namespace
  SET entries = entries + (NEW.deleted_at IS NULL) - (OLD.deleted_at IS NULL), bytes = bytes + NEW.bytes - OLD.bytes, last_id = max(last_id, NEW.entry_id)
  WHERE tenant = NEW.tenant AND namespace = NEW.namespace;
END;

CREATE TRIGGER IF NOT EXISTS memory_entry_removed AFTER DELETE ON memory_entry
BEGIN
  DELETE FROM memory_text WHERE rowid = OLD.entry_id AND OLD.deleted_at IS NULL;
  DELETE FROM memory_signature WHERE tenant = OLD.tenant AND namespace = OLD.namespace AND entry_id = OLD.entry_id;
  DELETE FROM memory_vector WHERE entry_id = OLD.entry_id;
  UPDATE memory_namespace SET entries = entries - (OLD.deleted_at IS NULL), bytes = bytes - OLD.bytes
  WHERE tenant = OLD.tenant AND namespace = OLD.namespace;
END;
