-- Where grains are active, for the silos of a cluster.

CREATE TABLE IF NOT EXISTS activation (
  cluster            text COLLATE "C" NOT NULL,
  grain              text COLLATE "C" NOT NULL,
  activation_id      text COLLATE "C" NOT NULL,
  silo               text COLLATE "C" NOT NULL,
  -- Of the cluster's membership when the activation was registered: an unknown silo of an older version is dead.
  membership_version bigint NOT NULL,
  PRIMARY KEY (cluster, grain)
);

CREATE INDEX IF NOT EXISTS activation_by_silo ON activation (cluster, silo);
