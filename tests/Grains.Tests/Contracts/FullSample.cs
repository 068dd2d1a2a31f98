using System.Runtime.CompilerServices;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Sessions;
using Orleans.Providers.Streams.Common;

namespace OpenClaw.Grains.Tests.Contracts;

/// <summary>One value of a type, the same at every run, in which everything is set: nothing is null, no list is empty.</summary>
internal static class FullSample
{
    private const string Text = "文字 \"text\"";

    public static object Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying);
        if (Simple(type) is { } simple)
            return simple;
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().Last();
        if (type.IsArray)
            return ArrayOf(type.GetElementType()!);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return ArrayOf(type.GetGenericArguments()[0]);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
            return Activator.CreateInstance(type, ArrayOf(type.GetGenericArguments()[0]))!;
        if (type.IsAbstract)
            return Of(GrainContracts.SubclassesOf(type).First());
        Assert.True(GrainContracts.IsOurs(type), $"{type} is new in what is sent or stored: say here what a value of it looks like.");
        var value = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var field in GrainContracts.FieldsOf(type))
            field.SetValue(value, Of(field.FieldType));
        return value;
    }

    private static object? Simple(Type type) => type switch
    {
        _ when type == typeof(string) => Text,
        _ when type == typeof(bool) => true,
        _ when type == typeof(int) => 7,
        _ when type == typeof(long) => 5_000_000_000L,
        _ when type == typeof(Guid) => new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"),
        _ when type == typeof(double) => 0.75,
        _ when type == typeof(decimal) => 12.34m,
        _ when type == typeof(DateOnly) => new DateOnly(2026, 2, 28),
        _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2026, 2, 28, 23, 59, 59, 999, TimeSpan.Zero),
        _ when type == typeof(TimeSpan) => TimeSpan.FromMilliseconds(1_500),
        _ when type == typeof(byte[]) => new byte[] { 1, 2, 3 },
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>("""{"path":"/a"}"""u8.ToArray()),
        _ when type == typeof(JsonElement) => JsonElement.Parse("""{"path":"/a"}"""u8),
        _ when type == typeof(StreamId) => StreamId.Create("session", "acme/s/sess-1"),
        _ when type == typeof(EventSequenceTokenV2) => new EventSequenceTokenV2(41, 2),
        // What the frame streams carry.
        _ when type == typeof(object) => Of(typeof(FrameBatch)),
        _ => null,
    };

    private static Array ArrayOf(Type element)
    {
        var array = Array.CreateInstance(element, 1);
        array.SetValue(Of(element), 0);
        return array;
    }
}
