using System.Globalization;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Migrations;

/// <summary>A numbered step of a schema, from a file named <c>0001_what_it_does.sql</c>.</summary>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>All steps of a folder, first to last.</summary>
    public static IReadOnlyList<Migration> Load(string folder) => [.. EmbeddedSql.List(folder).Select(file =>
    {
        var name = file[(folder.Length + 1)..^".sql".Length];
        return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name[5..], EmbeddedSql.Read(file));
    })];
}
