using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>Something a turn did to the world, on the wire: <c>type</c> first, its own fields beside it.</summary>
[JsonConverter(typeof(ActionResourceConverter))]
internal readonly record struct ActionResource(TurnAction Action)
{
    public static IReadOnlyList<ActionResource> Of(IReadOnlyList<TurnAction> actions)
    {
        if (actions.Count == 0)
            return [];
        var resources = new ActionResource[actions.Count];
        for (var i = 0; i < resources.Length; i++)
            resources[i] = new ActionResource(actions[i]);
        return resources;
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, Action.Type);
        if (!Action.Fields.IsEmpty)
        {
            using var fields = JsonDocument.Parse(Action.Fields.Utf8);
            foreach (var field in fields.RootElement.EnumerateObject())
            {
                if (!field.NameEquals("type"u8))
                    field.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }
}

internal sealed class ActionResourceConverter : JsonConverter<ActionResource>
{
    public override ActionResource Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var type = document.RootElement.GetProperty("type"u8).GetString();
        return new ActionResource(new TurnAction(type!, JsonPayload.From(document.RootElement.GetRawText())));
    }

    public override void Write(Utf8JsonWriter writer, ActionResource value, JsonSerializerOptions options) => value.WriteTo(writer);
}
