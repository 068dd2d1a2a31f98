namespace OpenClaw.Storage.Sql;

/// <summary>A statement of a transaction, with its parameters.</summary>
/// <param name="Statement">Its name.</param>
/// <param name="Parameters">In their order.</param>
internal readonly record struct SqlStep(string Statement, SqlValue[] Parameters);
