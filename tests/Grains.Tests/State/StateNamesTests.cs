using System.Reflection;
using OpenClaw.Grains.State;

namespace OpenClaw.Grains.Tests.State;

public sealed class StateNamesTests
{
    private static readonly (Type Grain, PersistentStateAttribute State)[] Stored =
    [
        .. from grain in typeof(StateNames).Assembly.GetTypes()
           from constructor in grain.GetConstructors()
           from parameter in constructor.GetParameters()
           let state = parameter.GetCustomAttribute<PersistentStateAttribute>()
           where state is not null
           select (grain, state),
    ];

    [Fact]
    public void Every_name_differs_from_the_others()
    {
        var names = Constants();

        Assert.NotEmpty(names);
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void No_two_grain_types_share_a_name()
    {
        Assert.NotEmpty(Stored);
        Assert.Empty(Stored.GroupBy(stored => stored.State.StateName).Where(sharing => sharing.Count() > 1).Select(sharing => sharing.Key));
    }

    [Fact]
    public void Every_stored_state_has_a_name_of_the_list_and_the_one_storage()
    {
        Assert.All(Stored, stored =>
        {
            Assert.Contains(stored.State.StateName, Constants());
            Assert.Equal(StateStorage.Provider, stored.State.StorageName);
        });
    }

    private static string[] Constants() =>
        [.. typeof(StateNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];
}
