using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OpenClaw.Grains.State;
using OpenClaw.Grains.Tests.Contracts;
using Orleans.Storage;

namespace OpenClaw.Grains.Tests.State;

/// <summary>
/// Everything that is stored as JSON: the states of grains, and what the source-made contexts of the product write into our
/// own tables. Found by reflection, so that a type that comes later is among them.
/// </summary>
internal sealed class StoredShapes(IGrainStorageSerializer grainStates)
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Assembly Product = typeof(StateNames).Assembly;

    /// <summary>Stored types by name, each with the context that writes it; null is Orleans' grain storage.</summary>
    public static IReadOnlyDictionary<string, (Type Type, JsonSerializerContext? Context)> Types { get; } = Find();

    /// <summary>A value of the type in which everything is set, as this version stores it.</summary>
    public JsonNode Write(string name) => Serialize(name, FullSample.Of(Types[name].Type));

    /// <summary>Reads what some version stored, and writes what was understood of it.</summary>
    public (object Value, JsonNode Understood) Read(string name, JsonNode stored)
    {
        var (type, context) = Types[name];
        var value = context is null
            ? grainStates.GetType().GetMethod(nameof(IGrainStorageSerializer.Deserialize))!.MakeGenericMethod(type)
                .Invoke(grainStates, [BinaryData.FromString(stored.ToJsonString())])
            : stored.Deserialize(context.GetTypeInfo(type)!);
        return (value!, Serialize(name, value!));
    }

    /// <summary>Members of a value that must not be null and are: a field that came later and has no default.</summary>
    public static IEnumerable<string> MissingIn(object value)
    {
        if (value is IEnumerable items and not string)
            return items.Cast<object>().SelectMany(MissingIn);
        return !IsStored(value.GetType()) ? [] : GrainContracts.FieldsOf(value.GetType()).SelectMany(field => field.GetValue(value) switch
        {
            null => IsNullable(field) ? [] : [$"{value.GetType().Name}.{field.Name}"],
            var member => MissingIn(member),
        });
    }

    private JsonNode Serialize(string name, object value)
    {
        var (type, context) = Types[name];
        if (context is not null)
            return JsonSerializer.SerializeToNode(value, context.GetTypeInfo(type)!)!;
        var stored = (BinaryData)grainStates.GetType().GetMethod(nameof(IGrainStorageSerializer.Serialize))!.MakeGenericMethod(type).Invoke(grainStates, [value])!;
        return JsonNode.Parse(stored.ToString())!;
    }

    private static Dictionary<string, (Type, JsonSerializerContext?)> Find()
    {
        var found = new Dictionary<string, (Type, JsonSerializerContext?)>();
        foreach (var grain in Product.GetTypes())
        {
            foreach (var parameter in grain.GetConstructors().SelectMany(constructor => constructor.GetParameters()))
            {
                if (parameter.IsDefined(typeof(PersistentStateAttribute)))
                    Add(parameter.ParameterType.GetGenericArguments()[0], null);
            }
        }

        foreach (var context in Product.GetTypes().Where(type => type.IsSubclassOf(typeof(JsonSerializerContext))))
        {
            var made = (JsonSerializerContext)context.GetProperty("Default", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
            foreach (var root in context.GetCustomAttributesData().Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute)))
                Add((Type)root.ConstructorArguments[0].Value!, made);
        }

        return found;

        void Add(Type type, JsonSerializerContext? context) =>
            found.Add(type.IsGenericType ? $"{type.GetGenericArguments()[0].Name}[]" : type.Name, (type, context));
    }

    private static bool IsStored(Type type) => type.Assembly == Product;

    private static bool IsNullable(FieldInfo field) =>
        Nullable.GetUnderlyingType(field.FieldType) is not null || Nullability.Create(field).ReadState == NullabilityState.Nullable;
}
