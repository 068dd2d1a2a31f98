using System.Data.Common;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Idempotency;
using OpenClaw.Storage.Maintenance;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Sql;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Storage.Tests;

/// <summary>A test on an empty database of its own, reached the way the product reaches it.</summary>
public abstract class StorageTest(DatabaseKind kind) : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("openclaw-storage-").FullName;
    private ServiceProvider? _provider;

    protected static readonly TenantId Tenant = TenantId.Parse("acme");

    protected static readonly DateTimeOffset Now = new(2030, 5, 17, 8, 30, 15, 123, TimeSpan.Zero);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected DatabaseKind Kind => kind;

    protected StorageOptions Options { get; private set; } = new();

    protected FakeTimeProvider Clock { get; } = new(Now);

    protected IServiceProvider Services => _provider!;

    protected ISessionLog Log => Get<ISessionLog>();

    protected IIdempotencyStore Keys => Get<IIdempotencyStore>();

    protected IEventLog Events => Get<IEventLog>();

    protected ITenantIndex Index => Get<ITenantIndex>();

    internal ISqlDatabase Database => Get<ISqlDatabase>();

    internal SessionPurge Purge => Get<SessionPurge>();

    public virtual async ValueTask InitializeAsync()
    {
        Options = await CreateOptionsAsync();
        await DatabaseMigrator.MigrateAsync(Options, Cancellation);
        Open();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Options of another empty database, not migrated.</summary>
    protected async Task<StorageOptions> CreateOptionsAsync() => kind == DatabaseKind.Sqlite
        ? new StorageOptions { DataDirectory = Path.Combine(_directory, Guid.NewGuid().ToString("N")) }
        : new StorageOptions { Provider = "postgres", ConnectionString = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync() };

    /// <summary>Leaves the test's database for another.</summary>
    protected async Task UseAsync(StorageOptions options)
    {
        await CloseAsync();
        Options = options;
        Open();
    }

    /// <summary>Closes the database and opens it again, as a restart does.</summary>
    protected async Task RestartAsync()
    {
        await CloseAsync();
        Open();
    }

    protected async Task<SessionState> CreateAsync(string id, DateTimeOffset? createdAt = null, TenantId? tenant = null)
    {
        var session = new SessionState
        {
            Key = new SessionKey(tenant ?? Tenant, id),
            Model = "offline",
            CreatedAt = createdAt ?? Now,
            UpdatedAt = createdAt ?? Now,
        };
        Assert.True(await Log.CreateAsync(session, Cancellation));
        return session;
    }

    /// <summary>The append that an activation which loaded <paramref name="session"/> would write.</summary>
    protected static SessionAppend Next(SessionState session, params SessionEventState[] events) => new()
    {
        Key = session.Key,
        AppendId = Guid.NewGuid(),
        ExpectedEpoch = session.Epoch,
        ExpectedRevision = session.Revision,
        Epoch = session.Epoch + 1,
        Head = events.Length == 0 ? session.Head : events[^1].SeqTo,
        Reserved = events.Length == 0 ? session.Reserved : events[^1].SeqTo,
        RunState = SessionRunState.Idle,
        At = Now,
        Events = events,
    };

    protected async Task<SessionState> FindAsync(SessionKey key)
    {
        var session = await Log.FindAsync(key, Cancellation);
        Assert.NotNull(session);
        return session;
    }

    protected async Task<SessionState> AppendAsync(SessionState session, params SessionEventState[] events)
    {
        Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(Next(session, events), Cancellation));
        return await FindAsync(session.Key);
    }

    protected static SessionEventState Message(long seq, string turn = "t1", string text = "你好") =>
        new(seq, seq, turn, SessionEventKind.Message, Encoding.UTF8.GetBytes(text), Now);

    protected static SessionEventState Frames(long from, long to, string turn = "t1", int bytes = 10) =>
        new(from, to, turn, SessionEventKind.Frames, Payload(bytes), Now);

    protected static SessionEventState Done(long seq, string turn = "t1") =>
        new(seq, seq, turn, SessionEventKind.Done, Encoding.UTF8.GetBytes("done"), Now);

    protected static byte[] Payload(int bytes)
    {
        var payload = new byte[bytes];
        new Random(bytes).NextBytes(payload);
        return payload;
    }

    /// <summary>A number straight from the tables.</summary>
    protected async Task<long> RowsAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancellation), CultureInfo.InvariantCulture);
    }

    /// <summary>A connection of somebody else's to our database.</summary>
    protected async Task<DbConnection> ConnectAsync()
    {
        DbConnection connection = kind == DatabaseKind.Sqlite
            ? new SqliteConnection($"Data Source={Options.SessionDatabasePath};Pooling=False")
            : new NpgsqlConnection(Options.ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    protected T Get<T>()
        where T : notnull => _provider!.GetRequiredService<T>();

    private void Open() => _provider = new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(Clock)
        .AddOpenClawStorage(Options)
        .BuildServiceProvider();

    private async ValueTask CloseAsync()
    {
        if (_provider is not null)
            await _provider.DisposeAsync();
    }
}
