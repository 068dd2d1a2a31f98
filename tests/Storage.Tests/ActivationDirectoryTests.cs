using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Storage.Activations;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Tests;

public abstract class ActivationDirectoryTests(DatabaseKind kind) : StorageTest(kind)
{
    private static readonly GrainId Grain = GrainId.Create("session", "acme/s/sess-1");

    private static readonly SiloAddress Silo = SiloAddress.New(IPAddress.Loopback, 11111, 1);
    private static readonly SiloAddress OtherSilo = SiloAddress.New(IPAddress.Loopback, 11112, 1);

    public sealed class OnSqlite() : ActivationDirectoryTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : ActivationDirectoryTests(DatabaseKind.Postgres);

    [Fact]
    public async Task An_activation_is_found_as_it_was_registered()
    {
        var directory = Directory();
        var address = Address(Silo);

        Assert.Null(await directory.Lookup(Grain));
        AssertSame(address, await directory.Register(address));
        AssertSame(address, await directory.Lookup(Grain));
        AssertSame(address, await directory.Register(address));
    }

    [Fact]
    public async Task A_second_activation_is_told_of_the_first()
    {
        var directory = Directory();
        var first = Address(Silo);
        await directory.Register(first);

        AssertSame(first, await directory.Register(Address(OtherSilo)));
        AssertSame(first, await directory.Register(Address(OtherSilo), Address(Silo)));
        AssertSame(first, await directory.Lookup(Grain));
    }

    [Fact]
    public async Task An_activation_takes_the_place_of_the_one_it_names()
    {
        var directory = Directory();
        var (first, second) = (Address(Silo), Address(OtherSilo));
        await directory.Register(first);

        AssertSame(second, await directory.Register(second, first));
        AssertSame(second, await directory.Lookup(Grain));
        // The same write, repeated.
        AssertSame(second, await directory.Register(second, first));
    }

    [Fact]
    public async Task An_activation_that_replaces_none_is_registered()
    {
        var directory = Directory();
        var second = Address(OtherSilo);

        AssertSame(second, await directory.Register(second, Address(Silo)));
        AssertSame(second, await directory.Lookup(Grain));
    }

    [Fact]
    public async Task Of_many_that_register_at_once_one_is_registered_and_all_are_told_which()
    {
        var directory = Directory();
        var addresses = Enumerable.Range(0, 30).Select(_ => Address(Silo)).ToArray();

        var answers = await Task.WhenAll(addresses.Select(address => directory.Register(address)));

        var registered = await directory.Lookup(Grain);
        Assert.Contains(addresses, address => address.ActivationId == registered!.ActivationId);
        Assert.All(answers, answer => AssertSame(registered!, answer));
    }

    [Fact]
    public async Task Only_the_registered_activation_can_be_unregistered()
    {
        var directory = Directory();
        var address = Address(Silo);
        await directory.Register(address);

        await directory.Unregister(Address(Silo));
        AssertSame(address, await directory.Lookup(Grain));
        await directory.Unregister(address);
        Assert.Null(await directory.Lookup(Grain));
    }

    [Fact]
    public async Task A_dead_silo_takes_its_own_activations_along_and_no_other()
    {
        var directory = Directory();
        for (var number = 0; number < 20; number++)
            await directory.Register(Address(Silo, GrainId.Create("session", $"acme/s/dead-{number}")));
        var other = Address(OtherSilo);
        await directory.Register(other);

        Assert.Equal([Silo, OtherSilo], (await directory.ListSilosAsync(Cancellation)).Order());
        await directory.UnregisterSilos([Silo]);

        AssertSame(other, await directory.Lookup(Grain));
        Assert.Equal([OtherSilo], await directory.ListSilosAsync(Cancellation));
        Assert.Equal(1, await RowsAsync("SELECT count(*) FROM activation"));
    }

    [Fact]
    public async Task Clusters_on_one_database_have_nothing_in_common()
    {
        var (directory, other) = (Directory(), Directory("another"));
        var (address, elsewhere) = (Address(Silo), Address(OtherSilo));
        await directory.Register(address);

        AssertSame(elsewhere, await other.Register(elsewhere));
        await other.UnregisterSilos([Silo]);
        AssertSame(address, await directory.Lookup(Grain));
    }

    private static GrainAddress Address(SiloAddress silo, GrainId? grain = null) => new()
    {
        GrainId = grain ?? Grain,
        ActivationId = ActivationId.NewId(),
        SiloAddress = silo,
        MembershipVersion = new MembershipVersion(7),
    };

    private static void AssertSame(GrainAddress expected, GrainAddress? actual)
    {
        Assert.Equal(expected, actual);
        Assert.Equal(expected.MembershipVersion, actual!.MembershipVersion);
    }

    private ActivationDirectory Directory(string cluster = "cluster") =>
        new(Get<ISqlDatabase>(), cluster, NullLogger<ActivationDirectory>.Instance);
}
