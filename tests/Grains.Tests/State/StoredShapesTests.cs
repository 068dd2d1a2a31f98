using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Grains.Tests.Contracts;
using Orleans.Storage;

namespace OpenClaw.Grains.Tests.State;

/// <summary>
/// What a version has stored, the versions after it read, and the one before reads what this one stores, while a cluster is
/// upgraded. <c>StoredShapes/0001.json</c> holds a value of every stored type as it was first written; a file with a higher
/// number holds the types that have changed since. No file is ever changed.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class StoredShapesTests(ClusterFixture cluster)
{
    private const string Folder = "State/StoredShapes";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StoredShapes _shapes = new(cluster.Silo.Services.GetRequiredService<IGrainStorageSerializer>());

    [Fact]
    public void What_is_stored_is_what_the_newest_file_says()
    {
        var newest = new Dictionary<string, JsonNode>();
        foreach (var (name, stored) in Files().SelectMany(file => file.Shapes))
            newest[name] = stored;
        var changed = new JsonObject(StoredShapes.Types.Keys.Order(StringComparer.Ordinal)
            .Select(name => KeyValuePair.Create<string, JsonNode?>(name, _shapes.Write(name)))
            .Where(shape => !newest.TryGetValue(shape.Key, out var known) || !JsonNode.DeepEquals(known, shape.Value)));

        var received = GoldenFiles.Receive(Folder, ".json", changed.ToJsonString(Readable) + "\n");
        Assert.True(
            changed.Count == 0,
            $"Stored shapes changed: {string.Join(", ", changed.Select(shape => shape.Key))}. Keep the files there are; if the version before can read the new shape, add {received} beside them.");
    }

    [Fact]
    public void Whatever_was_ever_stored_is_read_without_loss_and_fields_that_came_later_have_defaults() => Assert.All(Files(), file =>
    {
        foreach (var (name, stored) in file.Shapes)
        {
            var (value, understood) = _shapes.Read(name, stored);

            Assert.True(Holds(understood, stored), $"{file.Name}, {name}: of {stored.ToJsonString()} only {understood.ToJsonString()} was understood.");
            Assert.Empty(StoredShapes.MissingIn(value).Select(member => $"{file.Name}: {member} needs a default"));
        }
    });

    [Fact]
    public void What_a_version_to_come_adds_is_passed_over() => Assert.All(Files().SelectMany(file => file.Shapes), shape =>
    {
        var later = shape.Stored.DeepClone();
        AddUnknown(later);

        Assert.True(JsonNode.DeepEquals(shape.Stored, later) == false && Holds(_shapes.Read(shape.Name, later).Understood, shape.Stored), shape.Name);
    });

    private static IEnumerable<(string Name, IEnumerable<(string Name, JsonNode Stored)> Shapes)> Files()
    {
        foreach (var (file, text) in GoldenFiles.Read(Folder, ".json"))
            yield return (file, JsonNode.Parse(text)!.AsObject().Select(shape => (shape.Key, shape.Value!)));
    }

    /// <summary>Whether everything in one node is in the other, which may hold more.</summary>
    private static bool Holds(JsonNode? whole, JsonNode? part) => (whole, part) switch
    {
        (JsonObject all, JsonObject some) => some.All(member => member.Value is null || Holds(all[member.Key], member.Value)),
        (JsonArray all, JsonArray some) => all.Count == some.Count && all.Zip(some).All(pair => Holds(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(whole, part),
    };

    private static void AddUnknown(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject shape:
                foreach (var (_, member) in shape.ToArray())
                    AddUnknown(member);
                shape["ofTheFuture"] = new JsonObject { ["a"] = 1 };
                break;
            case JsonArray items:
                foreach (var item in items)
                    AddUnknown(item);
                break;
        }
    }
}
