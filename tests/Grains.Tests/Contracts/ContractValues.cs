using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Orleans.Providers.Streams.Common;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Tests.Contracts;

/// <summary>
/// Values of a type, by reflection: each candidate of each member occurs in at least one of them (null where it may be,
/// empty, awkward, every enum value, every subclass).
/// </summary>
internal static class ContractValues
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <exception cref="NotSupportedException">The type is one that no contract had when this was written.</exception>
    public static IReadOnlyList<object?> Of(Type type)
    {
        if (Simple(type) is { } simple)
            return simple;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return [null, .. Of(underlying)];
        if (type.IsEnum)
            return [.. Enum.GetValues(type).Cast<object>()];
        if (type.IsArray)
            return [Array.CreateInstance(type.GetElementType()!, 0), ArrayOf(type.GetElementType()!)];
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return Lists(type.GetGenericArguments()[0]);
        if (typeof(Exception).IsAssignableFrom(type))
            return [ExceptionOf(type)];
        if (type.IsAbstract)
            return [.. GrainContracts.SubclassesOf(type).SelectMany(Of)];
        return GrainContracts.IsOurs(type)
            ? Objects(type)
            : throw new NotSupportedException($"{type} is new in a contract: say here what values of it look like.");
    }

    private static object?[]? Simple(Type type) => type switch
    {
        _ when type == typeof(string) => ["帮我写\0\"😀\"\r\n", ""],
        _ when type == typeof(bool) => [true, false],
        _ when type == typeof(byte) => [(byte)0, byte.MaxValue],
        _ when type == typeof(int) => [-7, 0, int.MaxValue],
        _ when type == typeof(long) => [long.MinValue, 0L, 100_001L],
        _ when type == typeof(Guid) => [new Guid("0f8fad5b-d9cb-469f-a165-70867728950e"), Guid.Empty],
        _ when type == typeof(double) => [0.95, 0.0],
        _ when type == typeof(decimal) => [12.3400m, decimal.MaxValue],
        _ when type == typeof(DateOnly) => [new DateOnly(2026, 2, 28), DateOnly.MinValue],
        _ when type == typeof(TimeSpan) => [TimeSpan.FromMilliseconds(90_001), TimeSpan.MinValue],
        _ when type == typeof(DateTimeOffset) =>
            [new DateTimeOffset(2026, 2, 28, 23, 59, 59, 999, TimeSpan.FromHours(8)), DateTimeOffset.MinValue],
        _ when type == typeof(ReadOnlyMemory<byte>) => [Bytes("""{"名":[1,null]}"""), ReadOnlyMemory<byte>.Empty, Bytes("""[0,{}]""")[3..5]],
        _ when type == typeof(StreamId) => [StreamId.Create("session", "acme/s/sess-1")],
        _ when type == typeof(EventSequenceTokenV2) => [new EventSequenceTokenV2(41, 2)],
        // What the frame streams carry.
        _ when type == typeof(object) => [.. Of(typeof(FrameBatch))],
        _ => null,
    };

    /// <summary>Lists as grains make them. What a collection expression makes of an interface has no codec: see the test of that.</summary>
    private static object?[] Lists(Type element)
    {
        var filled = ArrayOf(element);
        return [Array.CreateInstance(element, 0), filled, Activator.CreateInstance(typeof(List<>).MakeGenericType(element), filled)];
    }

    private static Array ArrayOf(Type element)
    {
        var values = Of(element);
        var array = Array.CreateInstance(element, values.Count);
        for (var i = 0; i < values.Count; i++)
            array.SetValue(values[i], i);
        return array;
    }

    private static object?[] Objects(Type type)
    {
        var fields = GrainContracts.FieldsOf(type).ToArray();
        var candidates = Array.ConvertAll(fields, field => MayBeNull(field) ? [.. Of(field.FieldType), null] : Of(field.FieldType));
        var values = new object?[Math.Max(1, candidates.Select(values => values.Count).DefaultIfEmpty(1).Max())];
        for (var i = 0; i < values.Length; i++)
        {
            var value = RuntimeHelpers.GetUninitializedObject(type);
            for (var j = 0; j < fields.Length; j++)
                fields[j].SetValue(value, candidates[j][i % candidates[j].Count]);
            values[i] = value;
        }

        return values;
    }

    private static Exception ExceptionOf(Type type)
    {
        var constructor = type.GetConstructors()[0];
        object[] arguments =
        [
            .. constructor.GetParameters().Select(parameter => typeof(Exception).IsAssignableFrom(parameter.ParameterType)
                ? new InvalidOperationException("why")
                : Of(parameter.ParameterType)[0]!),
        ];
        return (Exception)constructor.Invoke(arguments);
    }

    private static bool MayBeNull(FieldInfo field) =>
        !field.FieldType.IsValueType && Nullability.Create(field).ReadState == NullabilityState.Nullable;

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
