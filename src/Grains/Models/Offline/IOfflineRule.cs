namespace OpenClaw.Grains.Models.Offline;

/// <summary>Something that the built-in model can answer.</summary>
internal interface IOfflineRule
{
    /// <summary>The answer, or null when the question is another rule's.</summary>
    OfflineReply? TryAnswer(OfflineQuestion question);
}
