using System.IO.Compression;
using System.Net;
using System.Text.Json;

namespace OpenClaw.Contract.Tests.Registry;

/// <summary>The sample registry speaks ClawHub's protocol.</summary>
public sealed class RegistryTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await registry.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await registry.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }

    [Fact]
    public async Task It_is_discovered_at_its_own_address() =>
        Assert.Equal(registry.Address, (await GetAsync("/.well-known/clawhub.json")).GetProperty("apiBase").GetString());

    [Fact]
    public async Task A_search_finds_by_word_and_by_exact_slug()
    {
        Assert.Equal("word-count", (await GetAsync("/api/v1/search?q=count%20words&limit=5")).GetProperty("results")[0].GetProperty("slug").GetString());
        Assert.Equal("haiku", (await GetAsync("/api/v1/search?q=haiku&mode=exact")).GetProperty("results")[0].GetProperty("slug").GetString());
        Assert.Equal(0, (await GetAsync("/api/v1/search?q=nothing-like-it")).GetProperty("results").GetArrayLength());
        Assert.Equal(0, (await GetAsync("/api/v1/search?q=bad")).GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task A_list_is_paged_and_leaves_out_what_nobody_may_install()
    {
        var first = await GetAsync("/api/v1/skills?limit=1");
        Assert.Equal("haiku", first.GetProperty("items")[0].GetProperty("slug").GetString());
        var second = await GetAsync($"/api/v1/skills?limit=10&cursor={first.GetProperty("nextCursor").GetString()}");
        Assert.Equal(["shady", "word-count"], second.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("slug").GetString()));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("nextCursor").ValueKind);
    }

    [Fact]
    public async Task The_latest_version_is_the_greatest_number()
    {
        Assert.Equal("1.1.0", (await GetAsync("/api/v1/skills/word-count")).GetProperty("latestVersion").GetProperty("version").GetString());
        Assert.Equal(
            ["1.1.0", "1.0.0"],
            (await GetAsync("/api/v1/skills/word-count/versions")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("version").GetString()));
    }

    [Fact]
    public async Task A_download_holds_the_files_of_its_version_and_their_fingerprint_resolves_to_it()
    {
        var version = (await GetAsync("/api/v1/skills/word-count/versions/1.0.0")).GetProperty("version");
        var zip = await registry.Http.GetByteArrayAsync(new Uri("/api/v1/download?slug=word-count&version=1.0.0", UriKind.Relative), Cancellation);
        using var archive = new ZipArchive(new MemoryStream(zip));

        Assert.Equal(["SKILL.md", "scripts/count.py"], archive.Entries.Select(entry => entry.FullName).Order());
        Assert.Equal(["SKILL.md", "scripts/count.py"], version.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
        var resolved = await GetAsync($"/api/v1/resolve?slug=word-count&hash={version.GetProperty("fingerprint").GetString()}");
        Assert.Equal("1.0.0", resolved.GetProperty("match").GetProperty("version").GetString());
        Assert.Equal("1.1.0", resolved.GetProperty("latestVersion").GetProperty("version").GetString());
        Assert.Equal(JsonValueKind.Null, (await GetAsync("/api/v1/resolve?slug=word-count&hash=00")).GetProperty("match").ValueKind);
    }

    [Fact]
    public async Task What_moderation_found_is_told_and_malware_is_not_given_out()
    {
        Assert.True((await GetAsync("/api/v1/skills/bad")).GetProperty("moderation").GetProperty("isMalwareBlocked").GetBoolean());
        Assert.True((await GetAsync("/api/v1/skills/shady")).GetProperty("moderation").GetProperty("isSuspicious").GetBoolean());
        Assert.Equal("fail", (await GetAsync("/api/v1/skills/bad/verify")).GetProperty("decision").GetString());
        Assert.Equal("pass", (await GetAsync("/api/v1/skills/haiku/verify")).GetProperty("decision").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/api/v1/download?slug=bad"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/api/v1/skills/bad/install"));
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync("/api/v1/download?slug=gone"));
    }

    [Theory]
    [InlineData("/api/v1/skills/none")]
    [InlineData("/api/v1/skills/..%2f..%2fetc")]
    [InlineData("/api/v1/skills/word-count/versions/9.9.9")]
    [InlineData("/api/v1/download?slug=word-count&version=../1.0.0")]
    [InlineData("/api/v1/download")]
    public async Task What_is_not_there_is_told_in_plain_text(string path)
    {
        using var answer = await registry.Http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
    }
}
