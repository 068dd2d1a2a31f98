namespace OpenClaw.Grains.Sessions.Fences;

/// <summary>Takes the pieces that a <see cref="FenceSplitter"/> finds, in the order of the document, none of them empty.</summary>
internal interface IFenceSink
{
    void Text(string content);

    /// <param name="content">What stands inside the fence.</param>
    /// <param name="language">The first word after the opening fence, or null.</param>
    void Code(string content, string? language);
}
