using System.Globalization;
using Microsoft.AspNetCore.Http;
using OpenClaw.Grains.Skills.Registry;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Grains.Tests.Skills.Registry;

/// <summary>Bounds, time-outs, attempts, redirects and the token on the way to the registry and back.</summary>
public sealed class RegistryConnectionTests : SkillRegistryTest
{
    [Fact]
    public async Task An_archive_is_bounded_whatever_its_length_is_said_to_be()
    {
        var size = SkillRegistry.MaxArchiveBytes;
        Site.Map(DownloadPath, context => SendAsync(context, size));
        Assert.Equal(size, (await DownloadAsync(target: Stream.Null)).Download?.Length);

        size++;
        AssertProblem(413, "name", RegistryReasons.TooLarge, (await DownloadAsync()).Problem);
        Assert.True(Target.Length <= SkillRegistry.MaxArchiveBytes);

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
        Site.Map(DownloadPath, context => SendAsync(context, type));

        AssertProblem(502, null, RegistryReasons.NoArchive, (await DownloadAsync()).Problem);
        Assert.Equal(0, Target.Length);
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("application/x-zip-compressed")]
    [InlineData("Application/ZIP; charset=binary")]
    public async Task An_archive_has_one_of_several_types(string type)
    {
        Site.Map(DownloadPath, context => SendAsync(context, type));

        Assert.Null((await DownloadAsync()).Problem);
    }

    [Fact]
    public async Task An_archive_that_ends_before_its_length_is_refused()
    {
        Site.Map(DownloadPath, async context =>
        {
            context.Response.ContentType = Zip;
            context.Response.ContentLength = Archive.Length + 1;
            await context.Response.Body.WriteAsync(Archive, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Target.Written;
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
        Site.Map(SkillPath, async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var download = DownloadAsync();
        await asked.Task.WaitAsync(Cancellation);

        Clock.Advance(Limit);

        AssertProblem(504, null, RegistryReasons.Slow, (await download).Problem);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public async Task A_download_may_take_five_times_as_long(int limits, bool arrives)
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Site.Map(DownloadPath, async context =>
        {
            context.Response.ContentType = Zip;
            await context.Response.Body.WriteAsync(Archive, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await released.Task.WaitAsync(context.RequestAborted);
            await context.Response.Body.WriteAsync(Archive, context.RequestAborted);
        });
        var download = DownloadAsync();
        await Target.Written.WaitAsync(Cancellation);

        Clock.Advance(Limit * limits);
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
        var waits = Clock.Waits.ToArray();
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
        Assert.Equal(TimeSpan.FromSeconds(7), Assert.Single(Clock.Waits));

        Clock.Waits.Clear();
        FailFirst(1, 503, Clock.GetUtcNow().AddSeconds(9).ToString("R", CultureInfo.InvariantCulture));
        Assert.Null((await DownloadAsync()).Problem);
        Assert.Equal(TimeSpan.FromSeconds(9), Assert.Single(Clock.Waits));
    }

    [Fact]
    public async Task A_registry_that_asks_for_more_than_fifteen_seconds_is_given_up()
    {
        FailFirst(1, 429, "16");

        var problem = (await DownloadAsync()).Problem;

        AssertProblem(503, null, RegistryReasons.Busy, problem);
        Assert.Equal(16, problem?.RetryAfterSeconds);
        Assert.Equal(1, TimesAsked(SkillPath));
        Assert.Empty(Clock.Waits);
    }

    [Fact]
    public async Task A_registry_that_is_down_is_told()
    {
        var nobody = Create($"http://127.0.0.1:{FreePorts.Take()}");

        var (_, problem) = await nobody.DownloadAsync(Slug, null, null, false, Target, Cancellation);

        AssertProblem(502, null, RegistryReasons.Unreachable, problem);
        Assert.Equal(2, Clock.Waits.Count);
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
        Site.Redirect(DownloadPath, "/archive");
        Site.Map("/archive", SendArchiveAsync);

        Assert.Null((await DownloadAsync()).Problem);
        Assert.Equal("Bearer " + Token, Assert.Single(Authorizations));
    }

    [Fact]
    public async Task An_archive_elsewhere_is_fetched_without_the_token()
    {
        Site.Redirect(DownloadPath, "http://files.example/archive");
        Elsewhere.Map("/archive", SendArchiveAsync);

        Assert.Null((await DownloadAsync()).Problem);
        Assert.Equal("", Assert.Single(Authorizations));
        Assert.Equal(Archive, Target.ToArray());
    }

    [Fact]
    public async Task A_redirect_into_a_private_network_is_refused()
    {
        Site.Redirect(DownloadPath, Elsewhere.Url("/archive"));
        Elsewhere.Map("/archive", SendArchiveAsync);

        AssertProblem(502, null, RegistryReasons.Misled, (await DownloadAsync()).Problem);
        Assert.Empty(Elsewhere.Asked);
        Assert.Equal(1, TimesAsked(DownloadPath));
    }

    [Fact]
    public async Task A_site_elsewhere_cannot_send_the_token_back_to_the_registry()
    {
        Site.Redirect(DownloadPath, "http://files.example/back");
        Site.Map("/inner", SendArchiveAsync);
        Elsewhere.Redirect("/back", Site.Url("/inner"));

        AssertProblem(502, null, RegistryReasons.Misled, (await DownloadAsync()).Problem);
        Assert.Equal(0, TimesAsked("/inner"));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://files.example/archive")]
    [InlineData("http://user:secret@files.example/archive")]
    public async Task A_redirect_to_what_is_no_plain_web_address_is_refused(string target)
    {
        Site.Redirect(DownloadPath, target);

        AssertProblem(502, null, RegistryReasons.Misled, (await DownloadAsync()).Problem);
        Assert.Empty(Network.Connected);
    }

    [Fact]
    public async Task Three_redirects_are_followed_and_no_more()
    {
        Site.Redirect(DownloadPath, "/2").Redirect("/2", "/3").Redirect("/3", "/4").Map("/4", SendArchiveAsync);
        Assert.Null((await DownloadAsync()).Problem);

        Site.Redirect("/4", "/5").Map("/5", SendArchiveAsync);
        AssertProblem(502, null, RegistryReasons.Misled, (await DownloadAsync()).Problem);
    }

    [Fact]
    public async Task A_caller_who_leaves_ends_the_download()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Site.Map(SkillPath, async context =>
        {
            await caller.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Registry.DownloadAsync(Slug, null, null, false, Target, caller.Token));
    }

    /// <summary>The skill is not told the first times.</summary>
    private void FailFirst(int times, int status, string? retryAfter = null)
    {
        var left = times;
        Site.Map(SkillPath, async context =>
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
}
