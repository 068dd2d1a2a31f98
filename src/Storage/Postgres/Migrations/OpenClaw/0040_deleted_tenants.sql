-- Tenants that were deleted. A row is there before anything of the tenant goes, so that a crash leaves a deletion that is
-- found and finished, and stays afterwards, so that a request which was let in before creates no session behind it.

CREATE TABLE IF NOT EXISTS deleted_tenant (
  tenant     text COLLATE "C" NOT NULL PRIMARY KEY,
  deleted_at bigint NOT NULL,
  -- Null while something of the tenant may be left.
  removed_at bigint
);

CREATE INDEX IF NOT EXISTS deleted_tenant_unfinished ON deleted_tenant (deleted_at) WHERE removed_at IS NULL;
