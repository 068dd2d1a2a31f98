using System.Globalization;

namespace OpenClaw.WebFrontend.Errors;

/// <summary>Picks the language of an answer from <c>Accept-Language</c> (RFC 9110, section 12.5.4).</summary>
internal static class LanguagePreference
{
    /// <summary>
    /// Chinese when a <c>zh</c> range has a higher weight than every <c>en</c> range and than <c>*</c>, or the same and
    /// stands first; else English. Languages that the API does not speak are passed over; a weight of 0 refuses one.
    /// </summary>
    public static Language Of(HttpRequest request)
    {
        var header = request.Headers.AcceptLanguage;
        return header.Count == 0 ? Language.English : Parse(header.ToString());
    }

    public static Language Parse(ReadOnlySpan<char> header)
    {
        var best = Language.English;
        var bestWeight = 0d;
        foreach (var range in header.Split(','))
        {
            var item = header[range].Trim();
            var semicolon = item.IndexOf(';');
            var tag = semicolon < 0 ? item : item[..semicolon].TrimEnd();
            var weight = semicolon < 0 ? 1d : WeightOf(item[(semicolon + 1)..]);
            if (weight > bestWeight && LanguageOf(tag) is { } language)
            {
                best = language;
                bestWeight = weight;
            }
        }

        return best;
    }

    private static Language? LanguageOf(ReadOnlySpan<char> tag)
    {
        if (tag is "*" || IsPrimary(tag, "en"))
            return Language.English;
        return IsPrimary(tag, "zh") ? Language.Chinese : null;
    }

    private static bool IsPrimary(ReadOnlySpan<char> tag, ReadOnlySpan<char> primary) =>
        tag.StartsWith(primary, StringComparison.OrdinalIgnoreCase) && (tag.Length == primary.Length || tag[primary.Length] == '-');

    private static double WeightOf(ReadOnlySpan<char> parameters)
    {
        var text = parameters.Trim();
        if (!text.StartsWith("q=", StringComparison.OrdinalIgnoreCase))
            return 1;
        return double.TryParse(text[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight)
            ? Math.Min(weight, 1)
            : 0;
    }
}
