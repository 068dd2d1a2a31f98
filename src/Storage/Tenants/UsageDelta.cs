namespace OpenClaw.Storage.Tenants;

/// <summary>What one turn used. Deltas of one commit are summed per tenant, day and model before they are written.</summary>
public sealed record UsageDelta(DateOnly Day, string Model, int Turns, long InputTokens, long OutputTokens);
