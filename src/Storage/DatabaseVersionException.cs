namespace OpenClaw.Storage;

/// <summary>The database was made by a newer version of OpenClaw, which this one must not write to.</summary>
public sealed class DatabaseVersionException(string message) : Exception(message);
