using Microsoft.Playwright;
using OpenClaw.Contract.Tests.Support;

namespace OpenClaw.Contract.Tests.Browsing;

/// <summary>The pages that people open in a browser work in one.</summary>
public sealed class DocsPageTests(Servers servers, ChromiumFixture chromium) : ContractTest(servers.OnSqlite), IClassFixture<ChromiumFixture>
{
    [Fact]
    public async Task The_API_reference_is_rendered_from_this_server_alone()
    {
        var server = await Servers.Quick;
        await using var visit = await PageVisit.OpenAsync(chromium, server, "/docs");
        await visit.Page.GetByText("Durable, streamed conversations with an assistant.").First.WaitForAsync();
        await visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Create a session" }).First.WaitForAsync();
        await visit.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        Assert.Empty(visit.Complaints);
        Assert.Empty(visit.Elsewhere);
        var links = await visit.Page.GetByRole(AriaRole.Link).EvaluateAllAsync<string[]>("links => links.map(link => link.href)");
        Assert.DoesNotContain(links, link => link.Contains("client.scalar.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_can_be_sent_from_the_API_reference()
    {
        var server = await Servers.Quick;
        await using var visit = await PageVisit.OpenAsync(chromium, server, "/docs");
        await visit.Page.GetByPlaceholder("Token").First.FillAsync(server.AdminKey);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "(post /api/sessions)" }).First.ClickAsync();
        var answered = visit.Page.WaitForResponseAsync(response => response.Url.EndsWith("/api/sessions", StringComparison.Ordinal));
        await visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Send\\b") }).First.ClickAsync();

        Assert.Equal(201, (await answered).Status);
        await visit.Page.GetByText("sess-").First.WaitForAsync();
        Assert.Empty(visit.Complaints);
        Assert.Empty(visit.Elsewhere);
    }

    [Fact]
    public async Task The_root_leads_to_the_API_reference()
    {
        await using var visit = await PageVisit.OpenAsync(chromium, await Servers.Quick, "/");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Browse the API" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Create a session" }).First.WaitForAsync();

        Assert.Empty(visit.Complaints);
        Assert.Empty(visit.Elsewhere);
    }
}
