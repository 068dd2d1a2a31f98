using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Models;
using ErrorCode = OpenClaw.Grains.Abstractions.Errors.ErrorCode;

namespace OpenClaw.Grains.Tests.Models;

public sealed class ModelRouterTests
{
    private static readonly (string, string) OpenAI = ("OPENAI_API_KEY", "sk-test");
    private static readonly (string, string) Ollama = ("OPENAI_BASE_URL", "http://localhost:11434/v1");
    private static readonly (string, string) Anthropic = ("ANTHROPIC_API_KEY", "sk-ant-test");

    [Fact]
    public async Task Without_a_provider_every_name_is_served_by_the_built_in_model()
    {
        await using var gateway = TestGateway.Create(TimeProvider.System, ("OPENAI_API_KEY", ""), ("ANTHROPIC_API_KEY", " "));

        var route = gateway.Models.Route("claude-3-5-sonnet-20241022");

        Assert.Equal(("claude-3-5-sonnet-20241022", "offline"), (route.Model, route.ServedBy));
        Assert.Null(route.Problem);
        Assert.Equal("offline", gateway.Models.Route(null).Model);
        Assert.Equal("offline", (await gateway.AskAsync("claude-3-5-sonnet-20241022", "hello")).Finished?.Model);
    }

    [Fact]
    public async Task The_default_model_is_the_first_configured_providers_unless_it_is_set()
    {
        await using var openAI = TestGateway.Create(TimeProvider.System, OpenAI, Anthropic);
        await using var anthropic = TestGateway.Create(TimeProvider.System, Anthropic);
        await using var chosen = TestGateway.Create(TimeProvider.System, Ollama, ("OpenClaw:DefaultModel", "llama3:8b"));

        Assert.Equal("gpt-4o-mini", openAI.Models.Route(null).ServedBy);
        Assert.StartsWith("claude-", anthropic.Models.Route(null).ServedBy, StringComparison.Ordinal);
        Assert.Equal("llama3:8b", chosen.Models.Route(null).ServedBy);
    }

    [Fact]
    public async Task A_model_without_a_route_is_refused_on_its_field()
    {
        await using var gateway = TestGateway.Create(TimeProvider.System, Anthropic);

        var problem = gateway.Models.Route("gpt-4o").Problem!;

        Assert.Equal((ErrorCode.InvalidRequest, 400, "model"), (problem.Code, problem.Status, problem.Field));
        Assert.NotNull(gateway.Models.Route("").Problem);
        Assert.NotNull(gateway.Models.Route(new string('m', 300)).Problem);
        Assert.Equal("offline", gateway.Models.Route("offline").ServedBy);
        Assert.Equal("model", (await gateway.AskAsync("gpt-4o", "?")).Problem?.Field);
    }

    [Fact]
    public async Task Claude_goes_to_the_openai_compatible_server_when_anthropic_has_no_key()
    {
        await using var gateway = TestGateway.Create(TimeProvider.System, Ollama, ("ANTHROPIC_BASE_URL", "http://localhost:1"));

        Assert.Null(gateway.Models.Route("claude-x").Problem);
    }

    [Fact]
    public async Task A_model_may_have_a_window_of_its_own_even_with_a_colon_in_its_name()
    {
        await using var gateway = TestGateway.Create(
            TimeProvider.System, Ollama, ("OpenClaw:Models:Overrides:0:Name", "llama3:8b"), ("OpenClaw:Models:Overrides:0:ContextTokens", "8192"));

        Assert.Equal(8_192, gateway.Models.Route("llama3:8b").ContextTokens);
        Assert.Equal(128_000, gateway.Models.Route("gpt-4o").ContextTokens);
    }

    [Theory]
    [InlineData("OpenClaw:Models:FirstTokenTimeout", "00:00:00")]
    [InlineData("OpenClaw:Models:Retries", "-1")]
    [InlineData("OpenClaw:Models:Offline:ChunkDelayMilliseconds", "-5")]
    [InlineData("OpenClaw:Models:CircuitBreaker:Failures", "0")]
    [InlineData("OpenClaw:Models:ContextTokens", "12")]
    [InlineData("OpenClaw:Models:Fallbacks:0", "gpt-4o")]
    [InlineData("OpenClaw:DefaultModel", "gpt-4o")]
    [InlineData("OPENAI_BASE_URL", "localhost:11434")]
    public async Task A_setting_that_cannot_be_used_stops_the_start_with_its_name(string setting, string value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration["ANTHROPIC_API_KEY"] = "sk-ant-test";
        builder.Configuration[setting] = value;
        builder.Services.AddOpenClawModels(builder.Configuration);
        using var host = builder.Build();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains(setting.EndsWith(":0", StringComparison.Ordinal) ? setting[..^2] : setting, failure.Message, StringComparison.Ordinal);
    }
}
