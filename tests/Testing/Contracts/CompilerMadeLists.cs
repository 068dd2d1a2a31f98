using System.Reflection;

namespace OpenClaw.Testing.Contracts;

/// <summary>Finds where an assembly uses the list types that the C# compiler makes of a collection expression.</summary>
public static class CompilerMadeLists
{
    private const int TypeSpecification = 0x1B000000;
    private const string Prefix = "<>z__ReadOnly";

    /// <summary>
    /// The element types of all lists that the compiler made for an interface (<c>IReadOnlyList&lt;T&gt; x = [...]</c>).
    /// Empty expressions make arrays and are none; what is generic in its element stays unseen.
    /// </summary>
    public static IEnumerable<Type> ElementsIn(Assembly assembly)
    {
        for (var row = 1; ; row++)
        {
            Type type;
            try
            {
                type = assembly.ManifestModule.ResolveType(TypeSpecification + row);
            }
            catch (ArgumentOutOfRangeException)
            {
                yield break;
            }
            catch (Exception exception) when (exception is ArgumentException or BadImageFormatException)
            {
                // The row stands for a type parameter.
                continue;
            }

            if (type.IsGenericType && type.Name.StartsWith(Prefix, StringComparison.Ordinal))
                yield return type.GetGenericArguments()[0];
        }
    }
}
