using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using OpenClaw.Grains.Skills.Registry;
using OpenClaw.Grains.Tests.Egress;

using ErrorCode = OpenClaw.Grains.Abstractions.Errors.ErrorCode;

namespace OpenClaw.Grains.Tests.Skills.Registry;

/// <summary>What is found, taken and refused at the registry, and what is told of it.</summary>
public sealed class SkillRegistryTests : SkillRegistryTest
{
    [Fact]
    public async Task The_latest_version_is_downloaded()
    {
        var (download, problem) = await DownloadAsync();

        Assert.Null(problem);
        Assert.Equal(new RegistryDownload(Slug, null, "1.1.0", Archive.Length), download);
        Assert.Equal(Archive, Target.ToArray());
    }

    [Fact]
    public async Task The_version_and_the_owner_that_were_named_are_asked_for()
    {
        var queries = new ConcurrentQueue<string>();
        Site.Map(DownloadPath, context =>
        {
            queries.Enqueue(context.Request.QueryString.Value!);
            return SendArchiveAsync(context);
        });

        var (download, problem) = await DownloadAsync(version: "1.0.0", owner: "a&b");

        Assert.Null(problem);
        Assert.Equal(("1.0.0", "a&b"), (download?.Version, download?.OwnerHandle));
        Assert.Equal("?slug=word-count&ownerHandle=a%26b&version=1.0.0", Assert.Single(queries));
        Assert.Equal(1, TimesAsked(VersionPath));
    }

    [Fact]
    public async Task A_skill_without_a_latest_version_is_taken_as_its_install_says()
    {
        Json(SkillPath, """{"latestVersion":null}""");
        Json(InstallPath, """{"ok":true,"installKind":"archive","archive":{"version":"0.9.0"}}""");

        Assert.Equal("0.9.0", (await DownloadAsync()).Download?.Version);
    }

    [Fact]
    public async Task A_skill_that_is_served_from_GitHub_is_refused()
    {
        Json(SkillPath, """{"latestVersion":null}""");
        Json(InstallPath, """{"ok":true,"installKind":"github"}""");

        AssertProblem(400, "name", RegistryReasons.GitHub, (await DownloadAsync()).Problem);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(0)]
    public async Task A_refusal_to_install_is_told(int httpStatus)
    {
        Json(SkillPath, """{"latestVersion":null}""");
        foreach (var (status, expected, reason) in new[]
        {
            (403, 403, RegistryReasons.Malware), (409, 409, RegistryReasons.Locked), (423, 409, RegistryReasons.Locked), (410, 404, RegistryReasons.TakenBack),
        })
        {
            Json(InstallPath, $$"""{"ok":false,"reason":"x","message":"x","status":{{status}}}""", httpStatus == 0 ? status : httpStatus);

            AssertProblem(expected, "name", reason, (await DownloadAsync()).Problem);
        }
    }

    [Fact]
    public async Task A_skill_or_a_version_that_is_not_there_is_told_apart()
    {
        AssertProblem(404, "name", RegistryReasons.NoSkill, (await DownloadAsync("none")).Problem);
        AssertProblem(404, "version", RegistryReasons.NoVersion, (await DownloadAsync(version: "9.9.9")).Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a%2fb")]
    [InlineData("a?b")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("é")]
    public async Task A_name_that_leads_out_of_its_place_is_not_asked_for(string name)
    {
        AssertProblem(404, "name", RegistryReasons.NoSkill, (await DownloadAsync(name)).Problem);
        AssertProblem(404, "version", RegistryReasons.NoVersion, (await DownloadAsync(version: name)).Problem);
        Assert.Empty(Site.Asked);
    }

    [Theory]
    [InlineData(SkillPath)]
    [InlineData(DownloadPath)]
    public async Task A_skill_that_was_taken_back_is_not_found(string path)
    {
        Status(path, 410);

        AssertProblem(404, "name", RegistryReasons.TakenBack, (await DownloadAsync()).Problem);
    }

    [Theory]
    [InlineData(SkillPath, """{"latestVersion":{"version":"1.1.0"},"moderation":{"isMalwareBlocked":true}}""", 200)]
    [InlineData(VerifyPath, """{"decision":"fail","reasons":["malware_detected"]}""", 200)]
    [InlineData(VerifyPath, """{"decision":"fail","security":{"status":"Malicious"}}""", 200)]
    [InlineData(DownloadPath, "This skill was found to be malicious", 403)]
    public async Task Malware_is_refused_whatever_the_caller_says(string path, string answer, int status)
    {
        Json(path, answer, status);

        var (download, problem) = await DownloadAsync(force: true);

        AssertProblem(403, "name", RegistryReasons.Malware, problem);
        Assert.Equal(ErrorCode.Forbidden, problem?.Code);
        Assert.Null(download);
        Assert.Equal(0, Target.Length);
    }

    [Theory]
    [InlineData(SkillPath, """{"latestVersion":{"version":"1.1.0"},"moderation":{"isSuspicious":true}}""")]
    [InlineData(VerifyPath, """{"decision":"fail","reasons":["not_scanned"],"security":{"status":"pending"}}""")]
    public async Task What_is_suspicious_needs_the_callers_consent(string path, string answer)
    {
        Json(path, answer);

        AssertProblem(409, "name", RegistryReasons.Suspicious, (await DownloadAsync()).Problem);
        Assert.Equal(0, TimesAsked(DownloadPath));
        Assert.Null((await DownloadAsync(force: true)).Problem);
    }

    [Fact]
    public async Task A_registry_that_verifies_nothing_gives_its_skills()
    {
        Status(VerifyPath, 404);

        Assert.Null((await DownloadAsync()).Problem);
    }

    [Fact]
    public async Task The_api_is_where_the_registry_says_for_ten_minutes()
    {
        Json(DiscoveryPath, $$"""{"apiBase":"{{Site.Url("/moved")}}"}""");
        Json("/moved" + SkillPath, """{"latestVersion":{"version":"7.0.0"}}""");
        Site.Map("/moved" + DownloadPath, SendArchiveAsync);

        Assert.Equal("7.0.0", (await DownloadAsync()).Download?.Version);
        Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        await DownloadAsync();
        Assert.Equal(1, TimesAsked(DiscoveryPath));
        Clock.Advance(TimeSpan.FromSeconds(1));
        await DownloadAsync();
        Assert.Equal(2, TimesAsked(DiscoveryPath));
    }

    [Theory]
    [InlineData("<html></html>")]
    [InlineData("{}")]
    [InlineData("""{"apiBase":null}""")]
    [InlineData("""{"apiBase":"/api"}""")]
    [InlineData("""{"apiBase":"ftp://files.example"}""")]
    [InlineData("""{"apiBase":"http://files.example"}""")]
    [InlineData("""{"apiBase":"https://user@files.example"}""")]
    public async Task The_api_is_at_the_configured_address_where_the_registry_names_no_good_one(string discovery)
    {
        Json(DiscoveryPath, discovery);

        Assert.Null((await DownloadAsync()).Problem);
        Assert.Empty(Network.Connected);
    }

    [Fact]
    public async Task An_api_elsewhere_is_reached_through_the_egress_policy()
    {
        Json(DiscoveryPath, """{"apiBase":"https://files.example"}""");

        // The site speaks no TLS.
        AssertProblem(502, null, RegistryReasons.Unreachable, (await DownloadAsync()).Problem);
        Assert.All(Network.Connected, endpoint => Assert.Equal(FakeNetwork.PublicAddress + ":443", endpoint.ToString()));
        Assert.NotEmpty(Network.Connected);
    }

    [Fact]
    public async Task An_api_in_a_private_network_that_nobody_configured_is_not_reached()
    {
        Json(DiscoveryPath, $$"""{"apiBase":"https://127.0.0.1:{{Elsewhere.Address.Port}}"}""");

        AssertProblem(502, null, RegistryReasons.Misled, (await DownloadAsync()).Problem);
        Assert.Empty(Network.Connected);
    }

    [Theory]
    [InlineData("""{"match":{"version":"1.1.0"}}""", true)]
    [InlineData("""{"match":{"version":"1.0.0"}}""", false)]
    [InlineData("""{"match":null}""", false)]
    [InlineData("{}", false)]
    public async Task Files_are_those_of_the_version_when_the_registry_knows_them_as_it(string answer, bool match)
    {
        Json(ResolvePath, answer);

        var problem = await VerifyAsync("1.1.0");

        if (match) Assert.Null(problem);
        else AssertProblem(502, null, RegistryReasons.Mismatch, problem);
    }

    [Fact]
    public async Task The_registry_is_asked_for_the_fingerprint()
    {
        var queries = new ConcurrentQueue<string>();
        Site.Map(ResolvePath, context =>
        {
            queries.Enqueue(context.Request.QueryString.Value!);
            return context.Response.WriteAsync("""{"match":{"version":"1.1.0"}}""", context.RequestAborted);
        });

        Assert.Null(await VerifyAsync("1.1.0"));
        Assert.Equal("?slug=word-count&ownerHandle=someone&hash=c0ffee", Assert.Single(queries));
    }

    [Fact]
    public async Task A_registry_that_cannot_resolve_is_taken_by_the_fingerprint_that_it_tells()
    {
        Status(ResolvePath, 404);
        Json(VersionPath, """{"version":{"fingerprint":"C0FFEE"}}""");
        Assert.Null(await VerifyAsync("1.0.0"));

        Json(VersionPath, """{"version":{"fingerprint":"decaf"}}""");
        AssertProblem(502, null, RegistryReasons.Mismatch, await VerifyAsync("1.0.0"));

        Json(VersionPath, """{"version":{}}""");
        AssertProblem(502, null, RegistryReasons.Unproven, await VerifyAsync("1.0.0"));
    }

    [Fact]
    public async Task A_failure_to_verify_is_told()
    {
        Status(ResolvePath, 500);
        AssertProblem(502, null, RegistryReasons.Unreachable, await VerifyAsync("1.1.0"));

        Json(ResolvePath, """{"match":"1.1.0"}""");
        AssertProblem(502, null, RegistryReasons.Misunderstood, await VerifyAsync("1.1.0"));
    }

    [Theory]
    [InlineData("https://clawhub.ai", true)]
    [InlineData("http://10.0.0.1:4000/registry/", true)]
    [InlineData("", false)]
    [InlineData("clawhub.ai", false)]
    [InlineData("ftp://clawhub.ai", false)]
    [InlineData("https://user:secret@clawhub.ai", false)]
    [InlineData("https://clawhub.ai/?a=b", false)]
    public void The_address_is_checked_and_named(string address, bool isValid)
    {
        var result = new RegistryOptionsValidator().Validate(null, new RegistryOptions { BaseUrl = address });

        Assert.Equal(isValid, result.Succeeded);
        if (isValid) return;
        Assert.Contains("OpenClaw__Skills__Registry__BaseUrl", result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void The_time_out_and_the_token_are_checked_and_named()
    {
        var validator = new RegistryOptionsValidator();
        Assert.True(validator.Validate(null, new RegistryOptions()).Succeeded);
        foreach (var seconds in new[] { 0.999, 300.001 })
        {
            Assert.Contains(
                "OpenClaw__Skills__Registry__Timeout",
                validator.Validate(null, new RegistryOptions { Timeout = TimeSpan.FromSeconds(seconds) }).FailureMessage,
                StringComparison.Ordinal);
        }

        Assert.Contains(
            "OpenClaw__Skills__Registry__Token", validator.Validate(null, new RegistryOptions { Token = "a\nb" }).FailureMessage, StringComparison.Ordinal);
    }
}
