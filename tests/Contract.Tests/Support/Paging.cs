using System.Text.Json;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Support;

/// <summary>Lists that come in pages.</summary>
internal static class Paging
{
    /// <summary>All elements of a list, page by page; none has more than were asked for.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="path">The list's path, without a query.</param>
    /// <param name="property">The answer's property that holds the elements.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="limit">Elements of a page.</param>
    public static async Task<List<JsonElement>> ListAsync(
        this ApiClient client, string path, string property, CancellationToken cancellationToken, int limit = 200)
    {
        var elements = new List<JsonElement>();
        var more = "";
        while (true)
        {
            var page = SessionCalls.Require(await client.GetAsync($"{path}?limit={limit}{more}", cancellationToken), 200);
            Assert.InRange(page.Json.GetProperty(property).GetArrayLength(), 0, limit);
            elements.AddRange(page.Json.GetProperty(property).EnumerateArray());
            if (page.Text("nextCursor") is not { } cursor) return elements;
            more = $"&cursor={Uri.EscapeDataString(cursor)}";
        }
    }
}
