-- The keys that protect secrets, each encrypted with a key that is not in the database.

CREATE TABLE IF NOT EXISTS protection_key (
  name       TEXT    NOT NULL PRIMARY KEY,
  created_at INTEGER NOT NULL,
  xml        TEXT    NOT NULL
) WITHOUT ROWID;
