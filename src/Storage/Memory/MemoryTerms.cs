namespace OpenClaw.Storage.Memory;

/// <summary>
/// The terms of an entry, field by field, as its writer's tokenizer made them: none is empty or holds a capital letter, a space,
/// <c>|</c>, a quotation mark, a backslash or a control character. What an entry is found by, in both databases.
/// </summary>
/// <param name="Key">Of the key.</param>
/// <param name="Metadata">Of the metadata.</param>
/// <param name="Value">Of the value.</param>
/// <param name="Marks">Found by, but no words of the entry: its category, words from behind.</param>
public sealed record MemoryTerms(
    IReadOnlyCollection<string> Key, IReadOnlyCollection<string> Metadata, IReadOnlyCollection<string> Value, IReadOnlyCollection<string> Marks)
{
    public static MemoryTerms None { get; } = new([], [], [], []);
}
