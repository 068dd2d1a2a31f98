-- What of the usage no provider has counted, and what it cost by the prices of its time, in billionths of the currency. Silos
-- of the version before go on adding rows without them.

ALTER TABLE tenant_usage ADD COLUMN estimated_input_tokens bigint NOT NULL DEFAULT 0;
ALTER TABLE tenant_usage ADD COLUMN estimated_output_tokens bigint NOT NULL DEFAULT 0;
ALTER TABLE tenant_usage ADD COLUMN cost_billionths bigint NOT NULL DEFAULT 0;
