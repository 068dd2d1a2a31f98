using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>The bodies of admin requests, with their limits.</summary>
internal static class AdminRequests
{
    private const int MaxNameChars = 200;
    private const int MaxScopes = 16;
    private const int MaxRate = 10_000_000;
    private const int MaxConcurrency = 1_000_000;

    /// <summary>Largest integer that every JSON reader keeps exactly (RFC 8259, section 6).</summary>
    private const long MaxSafeInteger = (1L << 53) - 1;

    private const decimal MaxCost = 1_000_000_000_000m;

    public static CreateTenantRequest ReadTenant(JsonFields fields)
    {
        var request = new CreateTenantRequest(fields.Text("name", maxChars: MaxNameChars, required: true) ?? "", fields.Text("tenantId"));
        if (request.TenantId is not null && !TenantId.TryParse(request.TenantId, out _))
            fields.Refuse("tenantId", RequestReasons.TenantIdShape);
        return request;
    }

    public static CreateKeyRequest ReadKey(JsonFields fields)
    {
        var name = fields.Text("name", maxChars: MaxNameChars, required: true) ?? "";
        var scopes = Scopes.None;
        foreach (var (path, text) in fields.Texts("scopes", MaxScopes))
        {
            if (ScopeNames.Parse(text) is { } scope)
                scopes |= scope;
            else
                fields.Refuse(path, RequestReasons.OneOf(ScopeNames.All));
        }

        if (scopes == Scopes.None)
            fields.Refuse("scopes", Reasons.Empty);
        return new CreateKeyRequest(name, scopes, fields.Time("expiresAt"));
    }

    public static LimitsRequest ReadLimits(JsonFields fields) => new()
    {
        MessagesPerMinute = (int?)fields.Integer("messagesPerMinute", 1, MaxRate),
        SkillsPerMinute = (int?)fields.Integer("skillsPerMinute", 1, MaxRate),
        FilesPerMinute = (int?)fields.Integer("filesPerMinute", 1, MaxRate),
        StorageBytes = fields.Integer("storageBytes", 0, MaxSafeInteger),
        ConcurrentTurns = (int?)fields.Integer("concurrentTurns", 1, MaxConcurrency),
        ConcurrentCommands = (int?)fields.Integer("concurrentCommands", 1, MaxConcurrency),
        SetsMonthlyTokens = fields.Has("monthlyTokens"),
        MonthlyTokens = fields.Integer("monthlyTokens", 0, MaxSafeInteger),
        SetsMonthlyCost = fields.Has("monthlyCost"),
        MonthlyCost = fields.Number("monthlyCost", 0, MaxCost),
    };
}

internal sealed record CreateTenantRequest(string Name, string? TenantId);

internal sealed record CreateKeyRequest(string Name, Scopes Scopes, DateTimeOffset? ExpiresAt);

/// <summary>New limits; what is absent stays as it is, and <c>null</c> lifts a monthly limit.</summary>
internal sealed record LimitsRequest
{
    public int? MessagesPerMinute { get; init; }

    public int? SkillsPerMinute { get; init; }

    public int? FilesPerMinute { get; init; }

    public long? StorageBytes { get; init; }

    public int? ConcurrentTurns { get; init; }

    public int? ConcurrentCommands { get; init; }

    public bool SetsMonthlyTokens { get; init; }

    public long? MonthlyTokens { get; init; }

    public bool SetsMonthlyCost { get; init; }

    public decimal? MonthlyCost { get; init; }

    public TenantLimits ApplyTo(TenantLimits limits) => limits with
    {
        MessagesPerMinute = MessagesPerMinute ?? limits.MessagesPerMinute,
        SkillsPerMinute = SkillsPerMinute ?? limits.SkillsPerMinute,
        FilesPerMinute = FilesPerMinute ?? limits.FilesPerMinute,
        StorageBytes = StorageBytes ?? limits.StorageBytes,
        ConcurrentTurns = ConcurrentTurns ?? limits.ConcurrentTurns,
        ConcurrentCommands = ConcurrentCommands ?? limits.ConcurrentCommands,
        MonthlyTokens = SetsMonthlyTokens ? MonthlyTokens : limits.MonthlyTokens,
        MonthlyCost = SetsMonthlyCost ? MonthlyCost : limits.MonthlyCost,
    };
}
