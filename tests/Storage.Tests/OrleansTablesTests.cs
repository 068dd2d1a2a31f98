using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Testing.Servers;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Storage;

namespace OpenClaw.Storage.Tests;

/// <summary>Orleans' own providers on the tables and texts that the migrations make.</summary>
public abstract class OrleansTablesTests(DatabaseKind kind) : StorageTest(kind)
{
    private const string Storage = "Default";

    private IHost? _host;

    public sealed class OnSqlite() : OrleansTablesTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : OrleansTablesTests(DatabaseKind.Postgres);

    private IServiceProvider Silo => _host!.Services;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _host = BuildHost("cluster");
        await _host.StartAsync(Cancellation);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(Cancellation);
            _host.Dispose();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Grain_state_is_read_as_it_was_written()
    {
        var storage = Silo.GetRequiredKeyedService<IGrainStorage>(Storage);
        var grain = GrainId.Create("skill", "acme/k/github");
        var state = new GrainState<SkillState>();
        await storage.ReadStateAsync("skill", grain, state);
        Assert.False(state.RecordExists);

        state.State = new SkillState { Name = "技能\0", Count = 1 };
        await storage.WriteStateAsync("skill", grain, state);
        state.State!.Count = 2;
        await storage.WriteStateAsync("skill", grain, state);

        var read = new GrainState<SkillState>();
        await storage.ReadStateAsync("skill", grain, read);
        Assert.True(read.RecordExists);
        Assert.Equal(("技能\0", 2, "2"), (read.State!.Name, read.State!.Count, read.ETag));
    }

    [Fact]
    public async Task A_write_on_another_version_than_the_one_stored_is_refused()
    {
        var storage = Silo.GetRequiredKeyedService<IGrainStorage>(Storage);
        var grain = GrainId.Create("skill", "acme/k/github");
        var first = new GrainState<SkillState>(new SkillState { Count = 1 });
        var second = new GrainState<SkillState>(new SkillState { Count = 2 });
        await storage.WriteStateAsync("skill", grain, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("skill", grain, second));
        await storage.ReadStateAsync("skill", grain, second);
        await storage.WriteStateAsync("skill", grain, first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("skill", grain, second));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("skill", grain, second));

        await storage.ReadStateAsync("skill", grain, second);
        Assert.Equal(1, second.State!.Count);
    }

    [Fact]
    public async Task Of_first_writes_at_once_one_goes_through()
    {
        var storage = Silo.GetRequiredKeyedService<IGrainStorage>(Storage);
        var grain = GrainId.Create("skill", "acme/k/github");

        var writes = Enumerable.Range(0, 8).Select(async index =>
        {
            try
            {
                await storage.WriteStateAsync("skill", grain, new GrainState<SkillState>(new SkillState { Count = index }));
                return true;
            }
            catch (InconsistentStateException)
            {
                return false;
            }
        });

        Assert.Single(await Task.WhenAll(writes), true);
    }

    [Fact]
    public async Task Cleared_state_is_gone_and_can_be_written_anew()
    {
        var storage = Silo.GetRequiredKeyedService<IGrainStorage>(Storage);
        var grain = GrainId.Create("skill", "acme/k/github");
        var state = new GrainState<SkillState>(new SkillState { Name = "before" });
        await storage.WriteStateAsync("skill", grain, state);

        await storage.ClearStateAsync("skill", grain, state);
        var read = new GrainState<SkillState>();
        await storage.ReadStateAsync("skill", grain, read);
        Assert.False(read.RecordExists);

        read.State = new SkillState { Name = "after" };
        await storage.WriteStateAsync("skill", grain, read);
        await storage.ReadStateAsync("skill", grain, state);
        Assert.Equal("after", state.State!.Name);
    }

    [Fact]
    public async Task States_of_other_grains_and_names_are_other_rows()
    {
        var storage = Silo.GetRequiredKeyedService<IGrainStorage>(Storage);
        (string State, GrainId Grain)[] rows =
        [
            ("skill", GrainId.Create("skill", "acme/k/a")), ("skill", GrainId.Create("skill", "acme/k/A")),
            ("task", GrainId.Create("skill", "acme/k/a")), ("skill", GrainId.Create("skill", "other/k/a")),
        ];
        foreach (var ((name, grain), index) in rows.Select((row, index) => (row, index)))
            await storage.WriteStateAsync(name, grain, new GrainState<SkillState>(new SkillState { Count = index }));

        foreach (var ((name, grain), index) in rows.Select((row, index) => (row, index)))
        {
            var read = new GrainState<SkillState>();
            await storage.ReadStateAsync(name, grain, read);
            Assert.Equal(index, read.State!.Count);
        }
    }

    [Fact]
    public async Task A_reminder_is_registered_changed_read_and_deleted()
    {
        var table = Silo.GetRequiredService<IReminderTable>();
        var grain = GrainId.Create("task", "acme/t/report");
        var entry = new ReminderEntry { GrainId = grain, ReminderName = "slot", StartAt = Now.UtcDateTime, Period = TimeSpan.FromMinutes(1) };

        var first = await table.UpsertRow(entry, Cancellation);
        entry.Period = TimeSpan.FromDays(40);
        var second = await table.UpsertRow(entry, Cancellation);

        Assert.NotEqual(first, second);
        var read = await table.ReadRow(grain, "slot", Cancellation);
        Assert.Equal((grain, "slot", Now.UtcDateTime, TimeSpan.FromDays(40), second), (read!.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.Single((await table.ReadRows(grain, Cancellation)).Reminders);
        Assert.False(await table.RemoveRow(grain, "slot", first!, Cancellation));
        Assert.True(await table.RemoveRow(grain, "slot", second!, Cancellation));
        Assert.Null(await table.ReadRow(grain, "slot", Cancellation));
    }

    [Fact]
    public async Task Each_reminder_lies_in_one_half_of_the_ring_wherever_it_is_cut()
    {
        var table = Silo.GetRequiredService<IReminderTable>();
        for (var index = 0; index < 40; index++)
        {
            await table.UpsertRow(new ReminderEntry
            {
                GrainId = GrainId.Create("task", $"acme/t/{index}"),
                ReminderName = "slot",
                StartAt = Now.UtcDateTime,
                Period = TimeSpan.FromMinutes(1),
            }, Cancellation);
        }

        foreach (var (begin, end) in new[] { (0u, 0x80000000u), (0x40000000u, 0xC0000000u), (10u, 0xFFFFFFF0u) })
        {
            var inside = (await table.ReadRows(begin, end, Cancellation)).Reminders;
            var outside = (await table.ReadRows(end, begin, Cancellation)).Reminders;

            Assert.All(inside, entry => Assert.InRange(entry.GrainId.GetUniformHashCode(), begin + 1, end));
            Assert.Equal(40, inside.Concat(outside).Select(entry => entry.GrainId).Distinct().Count());
            Assert.Equal(40, inside.Count + outside.Count);
        }

        await table.TestOnlyClearTable(Cancellation);
        Assert.Empty((await table.ReadRows(0, 0, Cancellation)).Reminders);
    }

    [Fact]
    public async Task A_silo_that_has_started_is_a_member_and_a_gateway()
    {
        var table = Silo.GetRequiredService<IMembershipTable>();

        var member = Assert.Single((await table.ReadAllAsync(Cancellation)).Members).Item1;

        Assert.Equal(SiloStatus.Active, member.Status);
        var silo = Silo.GetRequiredService<ILocalSiloDetails>();
        Assert.Equal(silo.SiloAddress, member.SiloAddress);
        var database = OrleansDatabase.For(Options);
        using var client = new HostBuilder()
            .UseOrleansClient(orleans => orleans
                .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("cluster", "service"))
                .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = database))
            .Build();
        var gateways = client.Services.GetRequiredService<IGatewayListProvider>();
        await gateways.InitializeGatewayListProvider();
        Assert.Equal(silo.GatewayAddress!.Endpoint.Port, Assert.Single(await gateways.GetGateways()).Port);
    }

    [Fact]
    public async Task Membership_changes_under_the_version_that_was_read_alone()
    {
        // A cluster of its own: the silo that runs writes to the one it is in.
        using var other = BuildHost("other");
        var table = other.Services.GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTableAsync(true, Cancellation);
        var member = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Parse("10.0.0.7"), 11111, 42),
            HostName = "host",
            SiloName = "silo",
            Status = SiloStatus.Joining,
            ProxyPort = 30000,
            StartTime = Now.UtcDateTime,
            IAmAliveTime = Now.UtcDateTime,
        };
        var read = (await table.ReadAllAsync(Cancellation)).Version;

        Assert.False(await table.InsertRowAsync(member, new TableVersion(read.Version, (read.Version - 1).ToString()), Cancellation));
        Assert.True(await table.InsertRowAsync(member, read.Next(), Cancellation));
        Assert.False(await table.InsertRowAsync(member, read.Next(), Cancellation));
        var inserted = await table.ReadRowAsync(member.SiloAddress, Cancellation);
        Assert.Equal(read.Version + 1, inserted.Version.Version);
        Assert.False(await table.InsertRowAsync(member, inserted.Version.Next(), Cancellation));

        member.Status = SiloStatus.Dead;
        member.AddSuspector(SiloAddress.New(IPAddress.Loopback, 1, 1), Now.UtcDateTime);
        Assert.False(await table.UpdateRowAsync(member, read.VersionEtag, read.Next(), Cancellation));
        Assert.True(await table.UpdateRowAsync(member, Assert.Single(inserted.Members).Item2, inserted.Version.Next(), Cancellation));
        var updated = await table.ReadRowAsync(member.SiloAddress, Cancellation);
        Assert.Equal(read.Version + 2, updated.Version.Version);
        var row = Assert.Single(updated.Members).Item1;
        Assert.Equal((SiloStatus.Dead, 1, Now.UtcDateTime), (row.Status, row.SuspectTimes!.Count, row.StartTime));

        member.IAmAliveTime = Now.UtcDateTime.AddMinutes(1);
        await table.UpdateIAmAliveAsync(member, Cancellation);
        var alive = await table.ReadRowAsync(member.SiloAddress, Cancellation);
        Assert.Equal((updated.Version.Version, Now.UtcDateTime.AddMinutes(1)), (alive.Version.Version, Assert.Single(alive.Members).Item1.IAmAliveTime));

        await table.CleanupDefunctSiloEntriesAsync(Now.AddMinutes(1), Cancellation);
        Assert.Single((await table.ReadRowAsync(member.SiloAddress, Cancellation)).Members);
        await table.CleanupDefunctSiloEntriesAsync(Now.AddMinutes(2), Cancellation);
        Assert.Empty((await table.ReadRowAsync(member.SiloAddress, Cancellation)).Members);
        Assert.Empty((await table.ReadAllAsync(Cancellation)).Members);

        await table.DeleteMembershipTableEntriesAsync("other", Cancellation);
        Assert.Equal(1, await MembershipRowsAsync("SELECT count(*) FROM OrleansMembershipVersionTable"));
        Assert.Equal(1, await MembershipRowsAsync("SELECT count(*) FROM OrleansMembershipTable"));
    }

    private IHost BuildHost(string cluster)
    {
        var database = OrleansDatabase.For(Options);
        return new HostBuilder()
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Error))
            .UseOrleans(silo =>
            {
                silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, "service"))
                    .ConfigureEndpoints(IPAddress.Loopback, FreePorts.Take(), FreePorts.Take())
                    .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = database)
                    .UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = database)
                    .AddAdoNetGrainStorage(Storage, options => (options.Invariant, options.ConnectionString) = database);
                silo.UseSystemTextJsonGrainStorageSerializer();
            })
            .Build();
    }

    private Task<long> MembershipRowsAsync(string sql) => Kind == DatabaseKind.Postgres ? RowsAsync(sql) : OrleansRowsAsync(sql);

    private async Task<long> OrleansRowsAsync(string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection(OrleansDatabase.For(Options).ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>What a grain keeps. Public for the serializer.</summary>
    public sealed class SkillState
    {
        public string Name { get; set; } = "";

        public int Count { get; set; }
    }
}
