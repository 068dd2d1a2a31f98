using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Browsing;

/// <summary>The reference's WebSocket example runs as it stands in a page of this server.</summary>
public sealed class EventsPageTests(Servers servers, ChromiumFixture chromium) : ContractTest(servers.OnSqlite), IClassFixture<ChromiumFixture>
{
    /// <summary>From the API reference, letter by letter.</summary>
    private const string Example =
        """
        const ws = new WebSocket('ws://localhost:3000/ws')

        ws.onopen = () => {
          ws.send(JSON.stringify({
            type: 'subscribe',
            channels: ['messages', 'tasks']
          }))
        }

        ws.onmessage = (event) => {
          const data = JSON.parse(event.data)
          console.log('Received:', data)
        }

        """;

    [Fact]
    public async Task Whoever_has_signed_in_sees_what_happens_to_the_tenant()
    {
        var server = await Servers.Quick;
        var tenant = await NewTenantAsync();
        await using var visit = await PageVisit.OpenAsync(chromium, server, "/docs/events");
        Assert.Equal(
            Example.Replace("localhost:3000", server.BaseAddress.Authority, StringComparison.Ordinal),
            await visit.Page.Locator("#example").TextContentAsync());

        await visit.Page.GetByLabel("API key").FillAsync(tenant.Key);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await visit.Page.GetByText(new Regex("Received: .*\"subscribed\"")).WaitForAsync();
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        await tenant.Client.SendMessageAsync(session, "Hello", Cancellation);
        var received = visit.Page.Locator("#received");
        await Assertions.Expect(received).ToContainTextAsync("message.delta");
        await Assertions.Expect(received).ToContainTextAsync("\"role\":\"assistant\"");
        await Assertions.Expect(received).ToContainTextAsync("\"role\":\"user\"");

        Assert.Empty(visit.Complaints);
        Assert.Empty(visit.Elsewhere);
        Assert.Empty(await visit.Page.EvaluateAsync<string>("document.cookie"));
    }

    [Fact]
    public async Task A_wrong_key_is_told_so()
    {
        await using var visit = await PageVisit.OpenAsync(chromium, await Servers.Quick, "/docs/events");
        await visit.Page.GetByLabel("API key").FillAsync("oc_wrong");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Unauthorized");
    }
}
