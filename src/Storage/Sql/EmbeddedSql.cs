namespace OpenClaw.Storage.Sql;

/// <summary>The <c>.sql</c> files inside the assembly, named by their path with dots.</summary>
internal static class EmbeddedSql
{
    private const string Root = "OpenClaw.Storage.";

    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedSql).Assembly.GetManifestResourceStream(Root + name)
            ?? throw new InvalidOperationException($"The embedded file {name} is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Names below a folder, in the order of their numbers.</summary>
    public static IEnumerable<string> List(string folder) => typeof(EmbeddedSql).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith($"{Root}{folder}.", StringComparison.Ordinal))
        .Select(name => name[Root.Length..])
        .Order(StringComparer.Ordinal);
}
