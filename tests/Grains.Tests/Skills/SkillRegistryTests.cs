using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Skills.Registry;
using OpenClaw.Grains.Tests.Egress;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

using ErrorCode = OpenClaw.Grains.Abstractions.Errors.ErrorCode;

namespace OpenClaw.Grains.Tests.Skills;

/// <summary>The registry's client, with a registry on loopback that does what none should, and a site elsewhere to which it leads.</summary>
public sealed class SkillRegistryTests : IAsyncLifetime
{
    private const string Slug = "word-count";
    private const string Token = "clh_secret";
    private const string DiscoveryPath = "/.well-known/clawhub.json";
    private const string SkillPath = "/api/v1/skills/word-count";
    private const string InstallPath = SkillPath + "/install";
    private const string VerifyPath = SkillPath + "/verify";
    private const string VersionPath = SkillPath + "/versions/1.0.0";
    private const string DownloadPath = "/api/v1/download";
    private const string ResolvePath = "/api/v1/resolve";
    private const string Fingerprint = "c0ffee";
    private const string Zip = "application/zip";

    private static readonly byte[] Archive = Encoding.UTF8.GetBytes(new string('z', 1000));
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly RetryClock _clock = new();
    private readonly WatchedTarget _target = new();
    private readonly ConcurrentQueue<string> _authorizations = [];
    private readonly List<IDisposable> _opened = [];
    private TestSite _site = null!;
    private TestSite _elsewhere = null!;
    private FakeNetwork _network = null!;
    private EgressHttp _egress = null!;
    private SkillRegistry _registry = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _site = await TestSite.StartAsync(Cancellation);
        _elsewhere = await TestSite.StartAsync(Cancellation);
        _network = new FakeNetwork(_elsewhere.Address.Port);
        _network.Name("files.example", FakeNetwork.PublicAddress);
        _egress = new EgressHttp(new EgressPolicy(Options.Create(new EgressOptions()), _network));
        _registry = Create(_site.Url("/"));
        Json(SkillPath, """{"skill":{"slug":"word-count"},"latestVersion":{"version":"1.1.0"},"moderation":null}""");
        Json(VersionPath, """{"version":{"version":"1.0.0"}}""");
        Json(VerifyPath, """{"decision":"pass","reasons":[],"security":{"status":"clean"}}""");
        Json(ResolvePath, """{"match":{"version":"1.1.0"},"latestVersion":{"version":"1.1.0"}}""");
        _site.Map(DownloadPath, SendArchiveAsync);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened) opened.Dispose();
        _egress.Dispose();
        await _site.DisposeAsync();
        await _elsewhere.DisposeAsync();
    }

    [Fact]
    public async Task The_latest_version_is_downloaded()
    {
        var (download, problem) = await DownloadAsync();

        Assert.Null(problem);
        Assert.Equal(new RegistryDownload(Slug, null, "1.1.0", Archive.Length), download);
        Assert.Equal(Archive, _target.ToArray());
    }

    [Fact]
    public async Task The_version_and_the_owner_that_were_named_are_asked_for()
    {
        var queries = new ConcurrentQueue<string>();
        _site.Map(DownloadPath, context =>
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
        Assert.Empty(_site.Asked);
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
        Assert.Equal(0, _target.Length);
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
        Json(DiscoveryPath, $$"""{"apiBase":"{{_site.Url("/moved")}}"}""");
        Json("/moved" + SkillPath, """{"latestVersion":{"version":"7.0.0"}}""");
        _site.Map("/moved" + DownloadPath, SendArchiveAsync);

        Assert.Equal("7.0.0", (await DownloadAsync()).Download?.Version);
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        await DownloadAsync();
        Assert.Equal(1, TimesAsked(DiscoveryPath));
        _clock.Advance(TimeSpan.FromSeconds(1));
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
        Assert.Empty(_network.Connected);
    }

    [Fact]
    public async Task An_api_elsewhere_is_reached_through_the_egress_policy()
    {
        Json(DiscoveryPath, """{"apiBase":"https://files.example"}""");

        // The site speaks no TLS.
        AssertProblem(502, null, RegistryReasons.Unreachable, (await DownloadAsync()).Problem);
        Assert.All(_network.Connected, endpoint => Assert.Equal(FakeNetwork.PublicAddress + ":443", endpoint.ToString()));
        Assert.NotEmpty(_network.Connected);
    }

    [Fact]
    public async Task An_api_in_a_private_network_that_nobody_configured_is_not_reached()
    {
        Json(DiscoveryPath, $$"""{"apiBase":"https://127.0.0.1:{{_elsewhere.Address.Port}}"}""");

        AssertProblem(502, null, RegistryReasons.Misled, (await DownloadAsync()).Problem);
        Assert.Empty(_network.Connected);
    }

    [Fact]
    public async Task An_archive_is_bounded_whatever_its_length_is_said_to_be()
    {
        var size = SkillRegistry.MaxArchiveBytes;
        _site.Map(DownloadPath, context => SendAsync(context, size));
        Assert.Equal(size, (await DownloadAsync(target: Stream.Null)).Download?.Length);

        size++;
        AssertProblem(413, "name", RegistryReasons.TooLarge, (await DownloadAsync()).Problem);
        Assert.True(_target.Length <= SkillRegistry.MaxArchiveBytes);

        static async Task SendAsync(HttpContext context, int size)
        {
            context.Response.ContentType = Zip;
            var block = new byte[256 * 1024];
            for (var left = size; left > 0; left -= block.Length)
                await context.Response.Body.WriteAsync(block.AsMemory(0, Math.Min(left, block.Length)), context.RequestAborted);
        }
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/json")]
    [InlineData(null)]
    public async Task What_is_no_archive_by_its_type_is_refused(string? type)
    {
        _site.Map(DownloadPath, context => SendAsync(context, type));

        AssertProblem(502, null, RegistryReasons.NoArchive, (await DownloadAsync()).Problem);
        Assert.Equal(0, _target.Length);
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("application/x-zip-compressed")]
    [InlineData("Application/ZIP; charset=binary")]
    public async Task An_archive_has_one_of_several_types(string type)
    {
        _site.Map(DownloadPath, context => SendAsync(context, type));

        Assert.Null((await DownloadAsync()).Problem);
    }

    [Fact]
    public async Task An_archive_that_ends_before_its_length_is_refused()
    {
        _site.Map(DownloadPath, async context =>
        {
            context.Response.ContentType = Zip;
            context.Response.ContentLength = Archive.Length + 1;
            await context.Response.Body.WriteAsync(Archive, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await _target.Written;
            context.Abort();
        });

        var (download, problem) = await DownloadAsync();

        AssertProblem(502, null, RegistryReasons.Cut, problem);
        Assert.Null(download);
        Assert.Equal(1, TimesAsked(DownloadPath));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_not_waited_for()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _site.Map(SkillPath, async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var download = DownloadAsync();
        await asked.Task.WaitAsync(Cancellation);

        _clock.Advance(Limit);

        AssertProblem(504, null, RegistryReasons.Slow, (await download).Problem);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public async Task A_download_may_take_five_times_as_long(int limits, bool arrives)
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _site.Map(DownloadPath, async context =>
        {
            context.Response.ContentType = Zip;
            await context.Response.Body.WriteAsync(Archive, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await released.Task.WaitAsync(context.RequestAborted);
            await context.Response.Body.WriteAsync(Archive, context.RequestAborted);
        });
        var download = DownloadAsync();
        await _target.Written.WaitAsync(Cancellation);

        _clock.Advance(Limit * limits);
        if (arrives) released.SetResult();

        var (got, problem) = await download;
        if (arrives) Assert.Equal(2 * Archive.Length, got?.Length);
        else AssertProblem(504, null, RegistryReasons.Slow, problem);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_request_that_may_succeed_later_is_made_three_times(int status)
    {
        FailFirst(2, status);
        Assert.Null((await DownloadAsync()).Problem);
        Assert.Equal(3, TimesAsked(SkillPath));
        var waits = _clock.Waits.ToArray();
        Assert.Equal(2, waits.Length);
        Assert.InRange(waits[0], TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5));
        Assert.InRange(waits[1], TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));

        FailFirst(3, status);
        var problem = (await DownloadAsync()).Problem;
        if (status == 429) AssertProblem(503, null, RegistryReasons.Busy, problem);
        else AssertProblem(502, null, RegistryReasons.Unreachable, problem);
        Assert.Equal(6, TimesAsked(SkillPath));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    [InlineData(501)]
    public async Task An_answer_is_asked_for_again_only_when_that_helps(int status)
    {
        Status(SkillPath, status);

        Assert.Equal(502, (await DownloadAsync()).Problem?.Status);
        Assert.Equal(status < 500 ? 1 : 3, TimesAsked(SkillPath));
    }

    [Fact]
    public async Task The_registry_is_left_alone_for_as_long_as_it_asks()
    {
        FailFirst(1, 429, "7");
        Assert.Null((await DownloadAsync()).Problem);
        Assert.Equal(TimeSpan.FromSeconds(7), Assert.Single(_clock.Waits));

        _clock.Waits.Clear();
        FailFirst(1, 503, _clock.GetUtcNow().AddSeconds(9).ToString("R", CultureInfo.InvariantCulture));
        Assert.Null((await DownloadAsync()).Problem);
        Assert.Equal(TimeSpan.FromSeconds(9), Assert.Single(_clock.Waits));
    }

    [Fact]
    public async Task A_registry_that_asks_for_more_than_fifteen_seconds_is_given_up()
    {
        FailFirst(1, 429, "16");

        var problem = (await DownloadAsync()).Problem;

        AssertProblem(503, null, RegistryReasons.Busy, problem);
        Assert.Equal(16, problem?.RetryAfterSeconds);
        Assert.Equal(1, TimesAsked(SkillPath));
        Assert.Empty(_clock.Waits);
    }

    [Fact]
    public async Task A_registry_that_is_down_is_told()
    {
        var nobody = Create($"http://127.0.0.1:{FreePorts.Take()}");

        var (_, problem) = await nobody.DownloadAsync(Slug, null, null, false, _target, Cancellation);

        AssertProblem(502, null, RegistryReasons.Unreachable, problem);
        Assert.Equal(2, _clock.Waits.Count);
    }

    [Fact]
    public async Task A_registry_that_refuses_the_token_is_told()
    {
        Status(SkillPath, 401);

        AssertProblem(502, null, RegistryReasons.Denied, (await DownloadAsync()).Problem);
    }

    [Theory]
    [InlineData(SkillPath, "<html></html>")]
    [InlineData(SkillPath, "")]
    [InlineData(SkillPath, "[]")]
    [InlineData(SkillPath, """{"latestVersion":"1.1.0"}""")]
    [InlineData(SkillPath, """{"latestVersion":{}}""")]
    [InlineData(SkillPath, """{"latestVersion":{"version":11}}""")]
    [InlineData(SkillPath, """{"latestVersion":{"version":"../1"}}""")]
    [InlineData(SkillPath, """{"latestVersion":{"version":"\ud800"}}""")]
    [InlineData(SkillPath, """{"latestVersion":{"version":"1.1.0"},"moderation":[]}""")]
    [InlineData(SkillPath, """{"latestVersion":{"version":"1.1.0"},"moderation":{"isMalwareBlocked":"no"}}""")]
    [InlineData(VerifyPath, "{}")]
    [InlineData(VerifyPath, """{"decision":"perhaps"}""")]
    [InlineData(VerifyPath, """{"decision":"fail","reasons":"malware"}""")]
    [InlineData(VerifyPath, """{"decision":"fail","reasons":[1]}""")]
    [InlineData(DiscoveryPath, """{"apiBase":1}""")]
    public async Task An_answer_that_cannot_be_understood_is_told(string path, string answer)
    {
        Json(path, answer);

        AssertProblem(502, null, RegistryReasons.Misunderstood, (await DownloadAsync()).Problem);
        Assert.Equal(0, TimesAsked(DownloadPath));
    }

    [Theory]
    [InlineData("""{"ok":true,"installKind":"archive"}""")]
    [InlineData("""{"ok":true,"archive":{"version":null}}""")]
    [InlineData("""{"ok":false,"status":"403"}""")]
    [InlineData("""{"ok":false,"status":1e99}""")]
    [InlineData("""{"ok":false}""")]
    public async Task An_install_that_cannot_be_understood_is_told(string answer)
    {
        Json(SkillPath, """{"latestVersion":null}""");
        Json(InstallPath, answer);

        AssertProblem(502, null, RegistryReasons.Misunderstood, (await DownloadAsync()).Problem);
    }

    [Fact]
    public async Task An_answer_is_bounded_in_length_and_depth()
    {
        const string End = ""","latestVersion":{"version":"1.1.0"}}""";
        var longest = 1024 * 1024 - End.Length - """{"x":""}""".Length + 1;
        Json(SkillPath, $$"""{"x":"{{new string('x', longest)}}"{{End}}""");
        Assert.Null((await DownloadAsync()).Problem);
        Json(SkillPath, $$"""{"x":"{{new string('x', longest + 1)}}"{{End}}""");
        AssertProblem(502, null, RegistryReasons.Misunderstood, (await DownloadAsync()).Problem);

        Json(SkillPath, $$"""{"x":{{new string('[', 31)}}{{new string(']', 31)}}{{End}}""");
        Assert.Null((await DownloadAsync()).Problem);
        Json(SkillPath, $$"""{"x":{{new string('[', 32)}}{{new string(']', 32)}}{{End}}""");
        AssertProblem(502, null, RegistryReasons.Misunderstood, (await DownloadAsync()).Problem);
    }

    [Fact]
    public async Task The_token_goes_along_within_the_registry()
    {
        _site.Redirect(DownloadPath, "/archive");
        _site.Map("/archive", SendArchiveAsync);

        Assert.Null((await DownloadAsync()).Problem);
        Assert.Equal("Bearer " + Token, Assert.Single(_authorizations));
    }

    [Fact]
    public async Task An_archive_elsewhere_is_fetched_without_the_token()
    {
        _site.Redirect(DownloadPath, "http://files.example/archive");
        _elsewhere.Map("/archive", SendArchiveAsync);

        Assert.Null((await DownloadAsync()).Problem);
        Assert.Equal("", Assert.Single(_authorizations));
        Assert.Equal(Archive, _target.ToArray());
    }

    [Fact]
    public async Task A_redirect_into_a_private_network_is_refused()
    {
        _site.Redirect(DownloadPath, _elsewhere.Url("/archive"));
        _elsewhere.Map("/archive", SendArchiveAsync);

        AssertProblem(502, null, RegistryReasons.Misled, (await DownloadAsync()).Problem);
        Assert.Empty(_elsewhere.Asked);
        Assert.Equal(1, TimesAsked(DownloadPath));
    }

    [Fact]
    public async Task A_site_elsewhere_cannot_send_the_token_back_to_the_registry()
    {
        _site.Redirect(DownloadPath, "http://files.example/back");
        _site.Map("/inner", SendArchiveAsync);
        _elsewhere.Redirect("/back", _site.Url("/inner"));

        AssertProblem(502, null, RegistryReasons.Misled, (await DownloadAsync()).Problem);
        Assert.Equal(0, TimesAsked("/inner"));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://files.example/archive")]
    [InlineData("http://user:secret@files.example/archive")]
    public async Task A_redirect_to_what_is_no_plain_web_address_is_refused(string target)
    {
        _site.Redirect(DownloadPath, target);

        AssertProblem(502, null, RegistryReasons.Misled, (await DownloadAsync()).Problem);
        Assert.Empty(_network.Connected);
    }

    [Fact]
    public async Task Three_redirects_are_followed_and_no_more()
    {
        _site.Redirect(DownloadPath, "/2").Redirect("/2", "/3").Redirect("/3", "/4").Map("/4", SendArchiveAsync);
        Assert.Null((await DownloadAsync()).Problem);

        _site.Redirect("/4", "/5").Map("/5", SendArchiveAsync);
        AssertProblem(502, null, RegistryReasons.Misled, (await DownloadAsync()).Problem);
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_download()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _site.Map(SkillPath, async context =>
        {
            await caller.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _registry.DownloadAsync(Slug, null, null, false, _target, caller.Token));
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
        _site.Map(ResolvePath, context =>
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

    private static void AssertProblem(int status, string? field, LocalizedText reason, Problem? problem)
    {
        Assert.NotNull(problem);
        Assert.Equal(reason, problem.Reason);
        Assert.Equal(status, problem.Status);
        Assert.Equal(field, problem.Field);
    }

    private SkillRegistry Create(string address)
    {
        var options = Options.Create(new RegistryOptions { BaseUrl = address, Token = Token, Timeout = Limit });
        var connection = new RegistryConnection(options, _egress, _clock);
        _opened.Add(connection);
        return new SkillRegistry(connection, options, _clock);
    }

    private Task<(RegistryDownload? Download, Problem? Problem)> DownloadAsync(
        string slug = Slug, string? owner = null, string? version = null, bool force = false, Stream? target = null) =>
        _registry.DownloadAsync(slug, owner, version, force, target ?? _target, Cancellation);

    private Task<Problem?> VerifyAsync(string version) =>
        _registry.VerifyAsync(new RegistryDownload(Slug, "someone", version, 1), Fingerprint, Cancellation);

    private int TimesAsked(string path) => _site.Asked.Count(asked => asked.EndsWith(' ' + path, StringComparison.Ordinal));

    private void Json(string path, string json, int status = 200) => _site.Map(path, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    });

    private void Status(string path, int status) => _site.Map(path, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync("no", context.RequestAborted);
    });

    /// <summary>The skill is not told the first times.</summary>
    private void FailFirst(int times, int status, string? retryAfter = null)
    {
        var left = times;
        _site.Map(SkillPath, async context =>
        {
            if (Interlocked.Decrement(ref left) >= 0)
            {
                context.Response.StatusCode = status;
                if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
                return;
            }

            await context.Response.WriteAsync("""{"latestVersion":{"version":"1.1.0"}}""", context.RequestAborted);
        });
    }

    private Task SendArchiveAsync(HttpContext context)
    {
        _authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        return SendAsync(context, Zip);
    }

    private static async Task SendAsync(HttpContext context, string? type)
    {
        context.Response.ContentType = type;
        await context.Response.Body.WriteAsync(Archive, context.RequestAborted);
    }

    /// <summary>Waits between attempts pass at once and are remembered; longer times pass when the test says so.</summary>
    private sealed class RetryClock : FakeTimeProvider
    {
        private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

        public ConcurrentQueue<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero && dueTime <= LongestWait)
            {
                Waits.Enqueue(dueTime);
                Advance(dueTime);
            }

            return timer;
        }
    }

    /// <summary>Tells when something has arrived.</summary>
    private sealed class WatchedTarget : MemoryStream
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => _written.Task;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            _written.TrySetResult();
        }
    }
}
