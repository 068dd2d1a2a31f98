namespace OpenClaw.Storage.Sql;

/// <summary>The texts of <see cref="Statements"/> as one database understands them.</summary>
internal static class StatementCatalogue
{
    private const string Marker = "-- name: ";

    /// <summary>The shared statements, replaced and joined by those of one database's folder.</summary>
    public static IReadOnlyDictionary<string, string> Load(string folder)
    {
        var statements = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in EmbeddedSql.List("Sql").Concat(EmbeddedSql.List(folder).Where(static name => !name.Contains(".Migrations.", StringComparison.Ordinal))))
            Add(statements, EmbeddedSql.Read(file));
        return statements;
    }

    private static void Add(Dictionary<string, string> statements, string file)
    {
        var begin = file.IndexOf(Marker, StringComparison.Ordinal);
        while (begin >= 0)
        {
            var next = file.IndexOf(Marker, begin + Marker.Length, StringComparison.Ordinal);
            var section = file[(begin + Marker.Length)..(next < 0 ? file.Length : next)];
            var endOfName = section.IndexOf('\n', StringComparison.Ordinal);
            statements[section[..endOfName].Trim()] = section[(endOfName + 1)..].Trim().TrimEnd(';');
            begin = next;
        }
    }
}
