using System.Globalization;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>Where a stream goes on: <c>Last-Event-ID</c>, which wins, or <c>?after</c>; 0, the beginning, when neither is given.</summary>
internal static class SeqParameter
{
    private const string Header = "Last-Event-ID";
    private const string Query = "after";

    public static (long Seq, Problem? Problem) Of(HttpRequest request)
    {
        var header = request.Headers[Header].ToString();
        if (header.Length > 0)
            return Parse(Header, header);
        var query = request.Query[Query].ToString();
        return query.Length > 0 ? Parse(Query, query) : (0, null);
    }

    private static (long Seq, Problem? Problem) Parse(string field, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? (seq, null)
            : (0, Problem.Invalid(field, RequestReasons.SeqShape));
}
