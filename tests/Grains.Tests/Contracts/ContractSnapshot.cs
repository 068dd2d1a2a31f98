using System.Globalization;
using System.Reflection;
using System.Text;

namespace OpenClaw.Grains.Tests.Contracts;

/// <summary>What two versions that run beside one another must agree on, as text: names, ids, types, numbers of enums.</summary>
internal static class ContractSnapshot
{
    public static string Current()
    {
        var text = new StringBuilder();
        foreach (var type in GrainContracts.Assemblies.SelectMany(assembly => assembly.GetTypes())
                     .Where(type => type.IsDefined(typeof(GrainTypeAttribute))).OrderBy(GrainTypeOf, StringComparer.Ordinal))
        {
            var interfaces = type.GetInterfaces().Where(GrainContracts.Interfaces.Contains).Select(NameOf).Order(StringComparer.Ordinal);
            text.Append("grain ").Append(GrainTypeOf(type)).Append(": ").AppendJoin(", ", interfaces).Append('\n');
        }

        foreach (var type in GrainContracts.Interfaces.OrderBy(NameOf, StringComparer.Ordinal))
        {
            text.Append("\ninterface ").Append(NameOf(type)).Append('\n');
            foreach (var method in type.GetMethods().OrderBy(AliasOf, StringComparer.Ordinal))
            {
                text.Append("  ").Append(AliasOf(method)).Append('(')
                    .AppendJoin(", ", GrainContracts.ParametersOf(method).Select(parameter => NameOf(parameter.ParameterType)))
                    .Append(") -> ").Append(GrainContracts.AnswerOf(method) is { } answer ? NameOf(answer) : "nothing").Append('\n');
            }
        }

        foreach (var type in GrainContracts.Types.OrderBy(NameOf, StringComparer.Ordinal))
        {
            if (type.IsEnum)
                WriteEnum(text, type);
            else
                WriteType(text, type);
        }

        return text.ToString();
    }

    /// <summary>The alias of a type or a method, or null.</summary>
    public static string? AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;

    private static void WriteEnum(StringBuilder text, Type type)
    {
        text.Append("\nenum ").Append(NameOf(type)).Append('\n');
        foreach (var value in Enum.GetValues(type))
            text.Append(CultureInfo.InvariantCulture, $"  {Convert.ToInt64(value, CultureInfo.InvariantCulture)} {value}\n");
    }

    private static void WriteType(StringBuilder text, Type type)
    {
        text.Append("\ntype ").Append(NameOf(type));
        if (type.BaseType is { } parent && (GrainContracts.IsOurs(parent) || parent == typeof(Exception)))
            text.Append(" : ").Append(NameOf(parent));
        text.Append('\n');
        foreach (var (id, member, memberType) in GrainContracts.MembersOf(type))
            text.Append(CultureInfo.InvariantCulture, $"  {id} {member.Name}: {NameOf(memberType)}\n");
    }

    private static string GrainTypeOf(Type type) => type.GetCustomAttributesData()
        .Single(attribute => attribute.AttributeType == typeof(GrainTypeAttribute)).ConstructorArguments[0].Value as string ?? "";

    private static string NameOf(Type type)
    {
        if (type.IsArray)
            return NameOf(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return NameOf(underlying) + "?";
        if (type.IsGenericType)
            return $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
        return AliasOf(type) ?? type.Name;
    }
}
