using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenClaw.Storage;
using OpenClaw.Testing.Contracts;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace OpenClaw.Grains.Tests.Contracts;

/// <summary>Everything that a grain call can carry survives Orleans' serializer, and comes from a silo as it went in.</summary>
public sealed class ContractSerializationTests
{
    /// <summary>Thrown and caught inside one process; none of them leaves a grain.</summary>
    private static readonly string[] StayInside =
    [
        "ActionsException", "BrowserException", "DatabaseVersionException", "EgressException", "EmbeddingException", "FrontmatterException", "ModelException",
        "ProviderResponseException", "RegistryException", "SchemaTooComplexException", "TurnLeftException",
    ];

    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().AddOpenClawStorage(new StorageOptions()).BuildServiceProvider();

    public static TheoryData<string> Types => [.. GrainContracts.Types.Where(type => !type.IsAbstract || type.IsValueType).Select(type => type.FullName!)];

    [Fact]
    public void The_walk_finds_the_contracts()
    {
        Assert.Contains(typeof(Abstractions.Sessions.ISessionGrain), GrainContracts.Interfaces);
        Assert.Contains(typeof(Abstractions.Sessions.RecoveringFrame), GrainContracts.Types);
        Assert.Contains(typeof(Abstractions.Errors.LocalizedText), GrainContracts.Types);
        Assert.Contains(typeof(StorageUnavailableException), GrainContracts.Types);
    }

    [Fact]
    public void Every_type_in_a_signature_or_a_member_has_a_codec()
    {
        var codecs = Services.GetRequiredService<ICodecProvider>();

        Assert.All(GrainContracts.UsedTypes, type => Assert.True(codecs.TryGetCodec(type) is not null, $"{type} has no codec."));
    }

    [Theory, MemberData(nameof(Types))]
    public void A_value_comes_back_as_it_was_sent(string typeName)
    {
        var serializer = Services.GetRequiredService<Serializer>();

        Assert.All(ValuesOf(typeName), value =>
        {
            var bytes = serializer.SerializeToArray<object>(value!);

            Assert.Equal(ContractText.Of(value), ContractText.Of(serializer.Deserialize<object>(bytes)));
        });
    }

    [Theory, MemberData(nameof(Types))]
    public void A_value_stays_as_it_is_when_a_call_within_a_silo_copies_it(string typeName)
    {
        var copier = Services.GetRequiredService<DeepCopier>();

        Assert.All(ValuesOf(typeName), value => Assert.Equal(ContractText.Of(value), ContractText.Of(copier.Copy(value))));
    }

    /// <summary>
    /// <c>IReadOnlyList&lt;T&gt; list = [a, b]</c> makes a list of a type that the compiler invents, and that no codec
    /// knows: the call fails when it is made. Write the elements into an array first.
    /// </summary>
    [Fact]
    public void No_list_of_a_contract_is_of_a_type_that_the_compiler_made()
    {
        var elements = GrainContracts.UsedTypes
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            .Select(type => type.GetGenericArguments()[0])
            .ToHashSet();
        Assert.NotEmpty(elements);

        Assert.DoesNotContain(GrainContracts.Assemblies.SelectMany(CompilerMadeLists.ElementsIn), elements.Contains);
    }

    [Fact]
    public void The_search_for_lists_that_the_compiler_made_finds_them()
    {
        IReadOnlyList<Guid> list = [Guid.Empty, Guid.Empty];

        Assert.NotEmpty(list);
        Assert.Contains(typeof(Guid), CompilerMadeLists.ElementsIn(typeof(ContractSerializationTests).Assembly));
    }

    [Fact]
    public void An_exception_that_can_leave_a_grain_has_a_codec()
    {
        var withoutCodec = GrainContracts.Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => typeof(Exception).IsAssignableFrom(type) && !type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false))
            .Select(type => type.Name);

        Assert.Equal(StayInside, withoutCodec.Order());
    }

    /// <summary>What went wrong in the database is the cause of what the caller is told, and goes with it.</summary>
    [Fact]
    public void A_failure_of_the_database_crosses_a_call_with_its_cause()
    {
        var serializer = Services.GetRequiredService<Serializer>();
        Exception[] causes =
        [
            (Exception)ContractValues.Of(GrainContracts.Types.Single(type => type.Name == "SqliteFailure"))[0]!,
            new SqliteException("disk I/O error", 10),
            new PostgresException("the database system is shutting down", "FATAL", "FATAL", "57P01"),
            new NpgsqlException("no connection", new SocketException((int)SocketError.ConnectionRefused)),
            new TimeoutException(),
        ];

        Assert.All(causes, cause =>
        {
            var failure = new StorageUnavailableException("The database cannot be reached.", cause);

            Assert.Equal(ContractText.Of(failure), ContractText.Of(serializer.Deserialize<object>(serializer.SerializeToArray<object>(failure))));
        });
    }

    private static IReadOnlyList<object?> ValuesOf(string typeName) =>
        ContractValues.Of(GrainContracts.Types.Single(type => type.FullName == typeName));
}
