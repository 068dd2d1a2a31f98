namespace OpenClaw.Grains.Tests.Contracts;

/// <summary>Silos of this version and of the one before understand one another while a cluster is upgraded.</summary>
public sealed class ContractSnapshotTests
{
    private const string File = "contracts.txt";

    [Fact]
    public void Interfaces_methods_and_types_go_by_an_alias_of_their_own()
    {
        var methods = GrainContracts.Interfaces.SelectMany(type => type.GetMethods());
        Assert.All(methods, method => Assert.NotNull(ContractSnapshot.AliasOf(method)));
        var types = GrainContracts.Interfaces.Concat(GrainContracts.Types).ToArray();
        Assert.All(types, type => Assert.False(ContractSnapshot.AliasOf(type) is null, $"{type} has no [Alias]: its name would be sent."));
        Assert.Equal(types.Length, types.Select(ContractSnapshot.AliasOf).Distinct().Count());
    }

    /// <summary>
    /// A change of what is sent is seen in review. Lines may be added (a member with a new id, a method, a type); a line
    /// that changes or goes breaks the calls between this version and the one before.
    /// </summary>
    [Fact]
    public void What_is_sent_is_what_the_file_says()
    {
        var current = ContractSnapshot.Current();
        var received = Path.Combine(AppContext.BaseDirectory, "contracts.received.txt");
        System.IO.File.WriteAllText(received, current);

        Assert.True(
            System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Contracts", File)) == current,
            $"The grain contracts changed. If the version before can still read them, copy {received} over tests/Grains.Tests/Contracts/{File}.");
    }
}
