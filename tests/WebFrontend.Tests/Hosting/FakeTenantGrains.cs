using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Tests.Hosting;

public sealed class FakeApiKeyGrain : IApiKeyGrain
{
    public ApiKeyInfo? Key { get; set; }

    public int Asked { get; private set; }

    /// <summary>When set, answers wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async Task<ApiKeyInfo?> Authenticate(CancellationToken cancellationToken)
    {
        Asked++;
        await Gate;
        return Key;
    }

    public Task Create(ApiKeyInfo key, CancellationToken cancellationToken)
    {
        Key = key;
        return Task.CompletedTask;
    }

    public Task Revoke(CancellationToken cancellationToken)
    {
        Key = null;
        return Task.CompletedTask;
    }
}

public sealed class FakeRateLimitGrain : IRateLimitGrain
{
    public RateLimitDecision Decision { get; set; } = new(true, 7, 100, 99, 60);

    public int Acquired { get; private set; }

    public List<long> Released { get; } = [];

    public Task<RateLimitDecision> Acquire()
    {
        Acquired++;
        return Task.FromResult(Decision);
    }

    public Task Refresh() => Task.CompletedTask;

    public Task Release(long ticket)
    {
        Released.Add(ticket);
        return Task.CompletedTask;
    }
}

/// <summary>Follows the contract of the real one, in memory.</summary>
public sealed class FakeIdempotencyGrain : IIdempotencyGrain
{
    private IdempotencyKey? _key;

    /// <summary>True while the first request runs elsewhere.</summary>
    public bool InProgress { get; set; }

    public StoredAnswer? Answer { get; private set; }

    public Task<IdempotencyClaim> Begin(IdempotencyKey key, Guid request, CancellationToken cancellationToken)
    {
        if (InProgress)
            return Task.FromResult(new IdempotencyClaim(IdempotencyOutcome.InProgress));
        if (_key is null)
        {
            _key = key;
            return Task.FromResult(new IdempotencyClaim(IdempotencyOutcome.Started));
        }

        var outcome = _key.Fingerprint != key.Fingerprint ? IdempotencyOutcome.Mismatch
            : Answer is null ? IdempotencyOutcome.OutcomeUnknown
            : IdempotencyOutcome.Replay;
        return Task.FromResult(new IdempotencyClaim(outcome, outcome == IdempotencyOutcome.Replay ? Answer : null));
    }

    public Task Complete(StoredAnswer answer, CancellationToken cancellationToken)
    {
        Answer = answer;
        return Task.CompletedTask;
    }

    public Task Abandon(Guid request, CancellationToken cancellationToken)
    {
        _key = null;
        return Task.CompletedTask;
    }
}

public sealed class FakeTenantGrain : ITenantGrain
{
    public TenantInfo? Tenant { get; set; }

    public Exception? Failure { get; set; }

    public TenantLimits Limits { get; set; } = new()
    {
        MessagesPerMinute = 100,
        SkillsPerMinute = 50,
        FilesPerMinute = 200,
        StorageBytes = 1024,
        ConcurrentTurns = 10,
        ConcurrentCommands = 5,
        MonthlyTokens = 1000,
    };

    public Task<bool> Create(TenantInfo tenant, CancellationToken cancellationToken)
    {
        if (Tenant is not null || BeingRemoved)
            return Task.FromResult(false);
        Tenant = tenant;
        return Task.FromResult(true);
    }

    public Task<TenantInfo?> Get(CancellationToken cancellationToken) =>
        Failure is null ? Task.FromResult(Tenant) : Task.FromException<TenantInfo?>(Failure);

    public Task<bool> Delete(CancellationToken cancellationToken)
    {
        var existed = Tenant is not null;
        Tenant = null;
        return Task.FromResult(existed);
    }

    public bool BeingRemoved { get; set; }

    public Task<bool> IsBeingRemoved(CancellationToken cancellationToken) => Task.FromResult(BeingRemoved);

    public Task<TenantLimits?> GetLimits(CancellationToken cancellationToken) => Task.FromResult(Tenant is null ? null : Limits);

    public ToolPolicy Policy { get; set; } = ToolPolicy.Empty;

    public Task<bool> SetToolPolicy(ToolPolicy policy, CancellationToken cancellationToken)
    {
        Policy = policy;
        return Task.FromResult(Tenant is not null);
    }

    public Task<bool> SetLimits(TenantLimits limits, CancellationToken cancellationToken)
    {
        Limits = limits;
        return Task.FromResult(Tenant is not null);
    }
}

public sealed class FakeTenantDirectoryGrain : ITenantDirectoryGrain
{
    public SessionPage Sessions { get; set; } = new([], null);

    public IReadOnlyList<UsageInfo> Usage { get; set; } = [];

    public (DateOnly From, DateOnly To)? UsageAsked { get; private set; }

    public ActiveSessionPage Active { get; set; } = new([], null);

    public (string? TenantId, int Limit, string? Cursor)? ActiveAsked { get; private set; }

    public SessionOwner? SessionOwner { get; set; }

    public Dictionary<string, string> KeyHashes { get; } = [];

    public IReadOnlyList<ApiKeyInfo> Keys { get; set; } = [];

    public Exception? Failure { get; set; }

    public Exception? SiloFailure { get; set; }

    public Task Ping() => SiloFailure is null ? Task.CompletedTask : Task.FromException(SiloFailure);

    public Task<SessionPage> ListSessions(int limit, string? cursor, CancellationToken cancellationToken) => Task.FromResult(Sessions);

    public Task<IReadOnlyList<UsageInfo>> ListUsage(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        UsageAsked = (from, to);
        return Task.FromResult(Usage);
    }

    public Task<ActiveSessionPage> ListActiveSessions(string? tenantId, int limit, string? cursor, CancellationToken cancellationToken)
    {
        ActiveAsked = (tenantId, limit, cursor);
        return Task.FromResult(Active);
    }

    public Task<SessionOwner?> FindSessionOwner(string sessionId, CancellationToken cancellationToken) => Task.FromResult(SessionOwner);

    public Task<TenantPage> ListTenants(int limit, string? cursor, CancellationToken cancellationToken) =>
        Failure is null ? Task.FromResult(new TenantPage([], null)) : Task.FromException<TenantPage>(Failure);

    public Task<ApiKeyPage> ListApiKeys(string tenantId, int limit, string? cursor, CancellationToken cancellationToken) =>
        Task.FromResult(new ApiKeyPage(Keys, null));

    public Task<string?> FindApiKeyHash(string keyId, CancellationToken cancellationToken) =>
        Task.FromResult(KeyHashes.GetValueOrDefault(keyId));
}
