using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Storage;
using Orleans.Serialization;

namespace OpenClaw.Grains.Tests.Contracts;

/// <summary>
/// What silos and front-ends of earlier versions send is understood. <c>Wire/0001.txt</c> holds, for every type that a call
/// can carry, the bytes of a value as Orleans sent it, with what the value held; a file with a higher number holds the types
/// that have changed since. No file is ever changed.
/// </summary>
public sealed class WireShapesTests
{
    private const string Folder = "Contracts/Wire";
    private const string Heading = "# ";

    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Serializer Serializer =
        new ServiceCollection().AddSerializer().AddOpenClawStorage(new StorageOptions()).BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void What_is_sent_is_what_the_newest_file_says()
    {
        var newest = new Dictionary<string, string>();
        foreach (var shape in Files())
            newest[shape.Name] = shape.Text;
        var changed = Current().Where(shape => newest.GetValueOrDefault(shape.Name) != shape.Text).ToArray();

        var received = GoldenFiles.Receive(Folder, ".txt", string.Concat(changed.Select(shape => $"{Heading}{shape.Name}\n{shape.Text}")));
        Assert.True(
            changed.Length == 0,
            $"What is sent changed: {string.Join(", ", changed.Select(shape => shape.Name))}. Keep the files there are; if the version before can read it, add {received} beside them.");
    }

    [Fact]
    public void Whatever_was_ever_sent_is_understood_and_members_that_came_later_have_defaults() => Assert.All(Files(), shape =>
    {
        var (bytes, then) = Split(shape.Text);
        var value = Serializer.Deserialize<object>(Convert.FromBase64String(bytes));

        Assert.True(HoldsAll(ContractText.Of(value), then), $"{shape.Name} was\n{then}\nand is understood as\n{ContractText.Of(value)}");
        Assert.Empty(MissingIn(value).Select(member => $"{shape.Name}: {member} needs a default"));
    });

    private static IEnumerable<(string Name, string Text)> Current() => GrainContracts.Types
        .Where(type => !type.IsAbstract && !typeof(Exception).IsAssignableFrom(type))
        .Select(type => (Name: ContractSnapshot.AliasOf(type)!, Value: FullSample.Of(type)))
        .OrderBy(shape => shape.Name, StringComparer.Ordinal)
        .Select(shape => (shape.Name, $"{Convert.ToBase64String(Serializer.SerializeToArray<object>(shape.Value))}\n{ContractText.Of(shape.Value).ReplaceLineEndings("\n")}"));

    private static IEnumerable<(string Name, string Text)> Files() =>
        from file in GoldenFiles.Read(Folder, ".txt")
        from section in ("\n" + file.Text).Split("\n" + Heading, StringSplitOptions.RemoveEmptyEntries)
        let end = section.IndexOf('\n', StringComparison.Ordinal)
        select (section[..end], section[(end + 1)..].TrimEnd('\n') + "\n");

    private static (string Bytes, string Then) Split(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return (text[..end], text[(end + 1)..]);
    }

    /// <summary>Every line of the value as it was sent stands, in this order, in the value as it is understood now.</summary>
    private static bool HoldsAll(string now, string then)
    {
        using var lines = new StringReader(now);
        foreach (var line in then.TrimEnd('\n').Split('\n'))
        {
            string? next;
            do
            {
                next = lines.ReadLine();
                if (next is null)
                    return false;
            }
            while (next != line);
        }

        return true;
    }

    private static IEnumerable<string> MissingIn(object? value) => value is null || !GrainContracts.IsOurs(value.GetType()) || value is Enum
        ? []
        : GrainContracts.FieldsOf(value.GetType()).SelectMany(field => field.GetValue(value) switch
        {
            null => MayBeNull(field) ? [] : new[] { $"{value.GetType().Name}.{field.Name}" },
            var member => MissingIn(member),
        });

    private static bool MayBeNull(FieldInfo field) =>
        field.FieldType.IsValueType || Nullability.Create(field).ReadState == NullabilityState.Nullable;
}
