using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Tests.Hosting;
using Orleans.Runtime.Messaging;

namespace OpenClaw.WebFrontend.Tests;

public sealed class OverloadTests
{
    private const string Session = $"/api/sessions/{FrontendHost.SessionId}";

    [Theory]
    [InlineData("/api/sessions", "{}")]
    [InlineData(Session + "/messages", """{"content":"hi"}""")]
    [InlineData(Session + "/messages/stream", """{"content":"hi"}""")]
    public async Task New_work_is_refused_while_the_process_is_overloaded_and_taken_again_after(string path, string body)
    {
        var detector = new Detector { IsOverloaded = true };
        await using var host = await FrontendHost.StartAsync(services => services.AddSingleton<IOverloadDetector>(detector));

        var refused = await host.SendAsync(HttpMethod.Post, path, body);
        var chinese = await host.SendAsync(HttpMethod.Post, path, body, ("Accept-Language", "zh"));
        var sentMeanwhile = host.Session.Sent.Count;
        detector.IsOverloaded = false;
        // The session answers by itself, so that no turn has to be played.
        host.Session.OnSend = _ => SendResult.Refused(Problem.Conflict(Reasons.TurnRunning));

        Assert.Equal((503, "INTERNAL_ERROR", "5"), (refused.Status, (string?)refused.Error["code"], refused["Retry-After"]));
        Assert.Equal(5, (int?)refused.Error["retryAfter"]);
        Assert.StartsWith("the server has no room", (string?)refused.Error["details"]!["reason"]);
        Assert.StartsWith("服务器当前负载过高", (string?)chinese.Error["details"]!["reason"]);
        Assert.Equal((0, 0), (sentMeanwhile, host.Limit.Acquired));
        Assert.Equal(path == "/api/sessions" ? 201 : 409, (await host.SendAsync(HttpMethod.Post, path, body)).Status);
    }

    [Fact]
    public async Task What_runs_can_be_read_and_stopped_while_the_process_is_overloaded()
    {
        await using var host = await FrontendHost.StartAsync(
            services => services.AddSingleton<IOverloadDetector>(new Detector { IsOverloaded = true }));

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Session)).Status);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, Session + "/cancel")).Status);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "/api/admin/sessions/active")).Status);
    }

    [Fact]
    public async Task A_gateway_that_refuses_is_an_overload_and_no_fault()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Session.Failure = () => new GatewayTooBusyException();

        var answer = await host.SendAsync(HttpMethod.Post, Session + "/messages", """{"content":"hi"}""");

        Assert.Equal((503, "5"), (answer.Status, answer["Retry-After"]));
    }

    private sealed class Detector : IOverloadDetector
    {
        public bool IsOverloaded { get; set; }
    }
}
