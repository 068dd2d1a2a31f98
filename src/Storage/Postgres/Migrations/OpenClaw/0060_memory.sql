-- What tenants' assistants remember. The version before this one neither reads nor writes these tables.

CREATE TABLE IF NOT EXISTS memory_namespace (
  -- Stands before each term of the index, so that each namespace has its own.
  number           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant           text COLLATE "C" NOT NULL,
  namespace        text COLLATE "C" NOT NULL,
  entries          bigint NOT NULL DEFAULT 0,
  bytes            bigint NOT NULL DEFAULT 0,
  -- The greatest entry_id that the namespace has had.
  last_id          bigint NOT NULL DEFAULT 0,
  -- The model whose vectors the entries up to embedded_through have.
  embedded_by      text COLLATE "C" NOT NULL DEFAULT '',
  embedded_through bigint NOT NULL DEFAULT 0,
  UNIQUE (tenant, namespace)
);

CREATE SEQUENCE IF NOT EXISTS memory_entry_id;

CREATE TABLE IF NOT EXISTS memory_entry (
  -- A new one with each change: entries lie, and are found, in the order of their changes.
  entry_id            bigint NOT NULL DEFAULT nextval('memory_entry_id') PRIMARY KEY,
  tenant              text COLLATE "C" NOT NULL,
  namespace           text COLLATE "C" NOT NULL,
  memory_key          text COLLATE "C" NOT NULL,
  version             bigint NOT NULL,
  -- Names the change that made the row as it is; the next one states it.
  change_id           bytea NOT NULL,
  category            text COLLATE "C",
  created_at          bigint NOT NULL,
  updated_at          bigint NOT NULL,
  expires_at          bigint,
  -- Not null: the entry was deleted, and is here to be undone.
  deleted_at          bigint,
  key_id              text COLLATE "C",
  request_id          text COLLATE "C",
  session_id          text COLLATE "C",
  turn_id             text COLLATE "C",
  bytes               bigint NOT NULL,
  -- 0: there is nothing to undo, 1: there was no entry before the change, 2: there was this one.
  previous_state      integer NOT NULL,
  previous_created_at bigint,
  previous_expires_at bigint,
  terms               text COLLATE "C" NOT NULL,
  metadata            bytea,
  value               bytea,
  previous_metadata   bytea,
  previous_value      bytea
);

CREATE UNIQUE INDEX IF NOT EXISTS memory_entry_by_key ON memory_entry (tenant, namespace, memory_key);

CREATE INDEX IF NOT EXISTS memory_entry_by_category ON memory_entry (tenant, namespace, category, memory_key)
  WHERE category IS NOT NULL;

CREATE INDEX IF NOT EXISTS memory_entry_by_change ON memory_entry (tenant, namespace, entry_id);

CREATE INDEX IF NOT EXISTS memory_entry_by_expiry ON memory_entry (expires_at) WHERE expires_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS memory_entry_by_deletion ON memory_entry (deleted_at) WHERE deleted_at IS NOT NULL;

-- Which entries hold a term, and nothing else: the server looks at the row of each that it finds by the index.
CREATE TABLE IF NOT EXISTS memory_text (
  entry_id    bigint   NOT NULL PRIMARY KEY,
  term_vector tsvector NOT NULL
);

-- Without a list of pending terms, which every search would have to go through.
CREATE INDEX IF NOT EXISTS memory_text_by_term ON memory_text USING gin (term_vector) WITH (fastupdate = off);

-- An eighth of the vector or less, by which the nearest are looked for.
CREATE TABLE IF NOT EXISTS memory_signature (
  tenant    text COLLATE "C" NOT NULL,
  namespace text COLLATE "C" NOT NULL,
  entry_id  bigint NOT NULL,
  signature bytea NOT NULL,
  PRIMARY KEY (tenant, namespace, entry_id)
);

CREATE TABLE IF NOT EXISTS memory_vector (
  entry_id bigint NOT NULL PRIMARY KEY,
  vector   bytea NOT NULL
);

CREATE OR REPLACE FUNCTION memory_entry_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM memory_text WHERE entry_id = OLD.entry_id;
    DELETE FROM memory_signature WHERE tenant = OLD.tenant AND namespace = OLD.namespace AND entry_id = OLD.entry_id;
    DELETE FROM memory_vector WHERE entry_id = OLD.entry_id;
    UPDATE memory_namespace SET entries = entries - (OLD.deleted_at IS NULL)::int, bytes = bytes - OLD.bytes
    WHERE tenant = OLD.tenant AND namespace = OLD.namespace;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    -- "|" parts the fields.
    INSERT INTO memory_text (entry_id, term_vector)
    SELECT NEW.entry_id, array_to_tsvector(array_remove(string_to_array(NEW.terms, ' '), '|')) WHERE NEW.deleted_at IS NULL;
    UPDATE memory_namespace SET entries = entries + (NEW.deleted_at IS NULL)::int, bytes = bytes + NEW.bytes, last_id = greatest(last_id, NEW.entry_id)
    WHERE tenant = NEW.tenant AND namespace = NEW.namespace;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER memory_entry_counted AFTER INSERT OR DELETE OR UPDATE OF entry_id ON memory_entry
  FOR EACH ROW EXECUTE FUNCTION memory_entry_count();
