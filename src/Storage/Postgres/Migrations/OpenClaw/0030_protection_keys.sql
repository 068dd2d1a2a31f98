-- The keys that protect secrets, each encrypted with a key that is not in the database.

CREATE TABLE IF NOT EXISTS protection_key (
  name       text COLLATE "C" NOT NULL PRIMARY KEY,
  created_at bigint NOT NULL,
  xml        bytea NOT NULL
);
