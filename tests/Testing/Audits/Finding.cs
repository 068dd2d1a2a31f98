namespace OpenClaw.Testing.Audits;

/// <summary>A promise that a session did not keep.</summary>
/// <param name="Kind">Which promise.</param>
/// <param name="Evidence">The message, turn or frames that show it.</param>
public sealed record Finding(FindingKind Kind, string Evidence)
{
    public override string ToString() => $"{Kind}: {Evidence}";
}
