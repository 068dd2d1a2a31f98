namespace OpenClaw.Grains.Skills.Registry;

/// <summary>What the registry answered.</summary>
/// <param name="Status">The HTTP status, which is none that is worth a retry.</param>
/// <param name="Body">Null when it was no success, or no JSON object: errors of the registry are plain text.</param>
internal sealed record RegistryAnswer(int Status, RegistryJson? Body)
{
    public bool IsSuccess => Status is >= 200 and <= 299;
}
