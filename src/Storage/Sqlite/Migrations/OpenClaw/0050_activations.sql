-- Where grains are active, for the silos of a cluster.

CREATE TABLE IF NOT EXISTS activation (
  cluster            TEXT    NOT NULL,
  grain              TEXT    NOT NULL,
  activation_id      TEXT    NOT NULL,
  silo               TEXT    NOT NULL,
  -- Of the cluster's membership when the activation was registered: an unknown silo of an older version is dead.
  membership_version INTEGER NOT NULL,
  PRIMARY KEY (cluster, grain)
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS activation_by_silo ON activation (cluster, silo);
