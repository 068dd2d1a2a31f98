using System.Reflection;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions;
using OpenClaw.Storage;

namespace OpenClaw.Grains.Tests.Contracts;

/// <summary>What crosses silos: the grain interfaces, and every type that their parameters and answers lead to.</summary>
internal static class GrainContracts
{
    /// <summary>The product's assemblies whose types can be part of a grain call.</summary>
    public static readonly Assembly[] Assemblies =
        [typeof(ISessionGrain).Assembly, typeof(SessionGrain).Assembly, typeof(StorageUnavailableException).Assembly];

    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Every grain interface, by name.</summary>
    public static IReadOnlyList<Type> Interfaces { get; } =
    [
        .. from type in Assemblies.SelectMany(assembly => assembly.GetTypes())
           where type.IsInterface && typeof(IGrain).IsAssignableFrom(type)
           orderby type.FullName
           select type,
    ];

    /// <summary>
    /// Every type of ours that a call can carry, by name: parameters, answers, what their members hold, subclasses, and
    /// whatever else says that it can be serialized (stream items, exceptions).
    /// </summary>
    public static IReadOnlyList<Type> Types { get; } =
        [.. AllTypes().Where(type => IsOurs(type) && !type.HasElementType).OrderBy(type => type.FullName, StringComparer.Ordinal)];

    /// <summary>Every type that stands in a signature or a member, ours or not.</summary>
    public static IReadOnlyCollection<Type> UsedTypes { get; } = AllTypes();

    public static bool IsOurs(Type type) => Assemblies.Contains(type.Assembly);

    /// <summary>A method's parameters as they are sent: the cancellation token goes another way.</summary>
    public static IEnumerable<ParameterInfo> ParametersOf(MethodInfo method) =>
        method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken));

    /// <summary>What a method answers, or null when it answers nothing.</summary>
    public static Type? AnswerOf(MethodInfo method) =>
        method.ReturnType.IsGenericType ? method.ReturnType.GetGenericArguments()[0] : null;

    /// <summary>The fields of a type and of its bases of ours, in the order of their declaration.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type type) =>
        (type.BaseType is { } parent && IsOurs(parent) ? FieldsOf(parent) : []).Concat(type.GetFields(Declared));

    /// <summary>The members that are sent, with their ids, of one level of a type's hierarchy.</summary>
    public static IEnumerable<(uint Id, MemberInfo Member, Type Type)> MembersOf(Type type) =>
        from member in type.GetMembers(Declared)
        let id = member.GetCustomAttribute<IdAttribute>()
        where id is not null
        let memberType = member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType
        orderby id.Id
        select (id.Id, member, memberType);

    public static IEnumerable<Type> SubclassesOf(Type type) =>
        type.Assembly.GetTypes().Where(candidate => candidate.BaseType == type).OrderBy(candidate => candidate.FullName, StringComparer.Ordinal);

    private static HashSet<Type> AllTypes()
    {
        var found = new HashSet<Type>();
        foreach (var method in Interfaces.SelectMany(type => type.GetMethods()))
        {
            foreach (var parameter in ParametersOf(method))
                Add(parameter.ParameterType, found);
            if (AnswerOf(method) is { } answer)
                Add(answer, found);
        }

        foreach (var type in Assemblies.SelectMany(assembly => assembly.GetTypes()))
        {
            if (type.IsDefined(typeof(GenerateSerializerAttribute)))
                Add(type, found);
        }

        return found;
    }

    private static void Add(Type type, HashSet<Type> found)
    {
        if (type.HasElementType)
            Add(type.GetElementType()!, found);
        if (!found.Add(type))
            return;
        foreach (var argument in type.GetGenericArguments())
            Add(argument, found);
        if (!IsOurs(type) || type.IsEnum)
            return;
        foreach (var field in FieldsOf(type))
            Add(field.FieldType, found);
        foreach (var subclass in SubclassesOf(type))
            Add(subclass, found);
    }
}
