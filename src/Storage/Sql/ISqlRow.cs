namespace OpenClaw.Storage.Sql;

/// <summary>The row a reading stands on. Columns count from 0.</summary>
internal interface ISqlRow
{
    bool IsNull(int column);

    long GetInt64(int column);

    string GetText(int column);

    /// <summary>Free text; see <see cref="SqlKind.Prose"/>.</summary>
    string GetProse(int column);

    byte[] GetBytes(int column);
}
