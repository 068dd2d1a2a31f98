namespace OpenClaw.Storage.Secrets;

/// <summary>A key or a revocation.</summary>
/// <param name="Name">Unique, made by the one who wrote it.</param>
/// <param name="Xml">As Data Protection writes it.</param>
public sealed record ProtectionKeyState(string Name, string Xml);
