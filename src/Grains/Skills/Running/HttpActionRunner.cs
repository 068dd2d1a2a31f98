using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Http;
using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Skills.Running;

/// <summary>Actions that are HTTP requests.</summary>
internal sealed class HttpActionRunner(EgressHttp egress) : ISkillActionRunner
{
    private const int MaxAnswer = 1024 * 1024;

    public bool Takes(SkillRunner runner) => runner is HttpRunner;

    public IEnumerable<string> SecretsOf(SkillPackage package, SkillRunner runner)
    {
        var http = (HttpRunner)runner;
        var secrets = SkillTemplate.SecretsOf(http.Url).Concat(http.Query.Concat(http.Headers).SelectMany(part => SkillTemplate.SecretsOfOptional(part.Value)));
        return http.Body is { } body ? secrets.Concat(SkillTemplate.SecretsOf(body)) : secrets;
    }

    public async Task<SkillOutcome> RunAsync(SkillExecution execution, CancellationToken cancellationToken)
    {
        var (request, problem) = Make((HttpRunner)execution.Action.Runner, new TemplateValues(execution.Parameters, execution.Secrets));
        if (request is null) return SkillOutcome.Failure(SkillReasons.Text(problem!));
        using (request)
        {
            try
            {
                using var response = await egress.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                return await ReadAsync(response, cancellationToken);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidDataException)
            {
                return SkillOutcome.Failure(EgressHttp.CauseOf(failure) is { } refused
                    ? new LocalizedText($"the action's address {refused.Reason.English}", $"该动作的地址{refused.Reason.Chinese}")
                    : new LocalizedText("the service did not answer, or broke off its answer; try again later", "服务没有响应或响应中断,请稍后重试"));
            }
        }
    }

    private static (HttpRequestMessage? Request, string? Problem) Make(HttpRunner runner, TemplateValues values)
    {
        var url = SkillTemplate.Url(runner.Url, values);
        if (url.Text is null) return (null, $"url: {url.Problem ?? "it is empty"}");
        var address = new StringBuilder(url.Text);
        foreach (var (name, template) in runner.Query)
        {
            var value = SkillTemplate.Query(template, values);
            if (value.Problem is { } objection) return (null, $"query.{name}: {objection}");
            if (value.Text is not { } text) continue;
            address.Append(address.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(text));
        }

        if (EgressPolicy.Parse(address.ToString(), "url", out var parsed) is { } refused) return (null, $"url: {refused.Reason!.English}");
        var request = new HttpRequestMessage(new HttpMethod(runner.Method), parsed);
        if (runner.Body is { } texts)
        {
            var body = SkillTemplate.Body(texts, values);
            if (body.Problem is { } objection) return (null, $"body: {objection}");
            request.Content = new ByteArrayContent(body.Bytes!);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, template) in runner.Headers)
        {
            var header = SkillTemplate.Header(template, values);
            if (header.Problem is { } objection) return (null, $"headers.{name}: {objection}");
            if (header.Text is not { } text) continue;
            if (request.Headers.TryAddWithoutValidation(name, text) || request.Content is null) continue;
            // Of the content, as HTTP's own library has it.
            request.Content.Headers.Remove(name);
            request.Content.Headers.TryAddWithoutValidation(name, text);
        }

        return (request, null);
    }

    private static async Task<SkillOutcome> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var bytes = await BoundedContent.ReadAsync(response.Content, MaxAnswer, cancellationToken);
        if (bytes is null) return SkillOutcome.Failure(SkillOutcome.TooLarge);
        if (ResultOf(bytes) is not { } result) return SkillOutcome.Failure(new LocalizedText("the service answered neither JSON nor text", "服务返回的既不是 JSON 也不是文本"));
        if (response.IsSuccessStatusCode) return SkillOutcome.Success(result);
        var where = status is >= 300 and < 400 ? " (a redirect, which is not followed)" : "";
        return SkillOutcome.Failure(
            new LocalizedText(
                string.Create(CultureInfo.InvariantCulture, $"the service answered {status}{where}"), string.Create(CultureInfo.InvariantCulture, $"服务返回了状态码 {status}")),
            result);
    }

    /// <summary>JSON as it is, whatever it is called; text as a text. Null when it is neither.</summary>
    private static JsonPayload? ResultOf(byte[] bytes)
    {
        if (bytes.Length == 0) return default(JsonPayload);
        if (!Utf8.IsValid(bytes)) return null;
        try
        {
            var json = JsonElement.Parse(bytes);
            if (UnicodeCheck.IsReadable(json)) return new JsonPayload(CompactJson.Write(json));
        }
        catch (JsonException)
        {
            // A text.
        }

        return new JsonPayload(CompactJson.Text(Encoding.UTF8.GetString(bytes)));
    }
}
