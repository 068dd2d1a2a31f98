using System.Collections.Concurrent;
using System.Text;

namespace OpenClaw.Benchmarks.FastModel;

/// <summary>The answers of the models that were asked for so far, at most 1,000; any further name gets the default's.</summary>
internal sealed class ModelCatalog(ModelProfile defaults)
{
    private const int MaxModels = 1000;
    private const int MaxNameLength = 200;

    private readonly ConcurrentDictionary<string, ModelAnswer> _answers = new(StringComparer.Ordinal);
    private readonly ModelAnswer _default = new(defaults);

    public ModelAnswer Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.Length > MaxNameLength)
            return _default;
        Span<char> characters = stackalloc char[MaxNameLength];
        var text = characters[..Encoding.UTF8.GetChars(name, characters)];
        if (_answers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var answer))
            return answer;
        if (_answers.Count >= MaxModels)
            return _default;
        answer = new ModelAnswer(ModelProfile.Parse(text.ToString(), defaults));
        _answers[text.ToString()] = answer;
        return answer;
    }
}
