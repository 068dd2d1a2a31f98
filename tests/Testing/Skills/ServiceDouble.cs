using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Testing.Skills;

/// <summary>
/// A service on loopback that skills call: answers as a test says, and remembers what it was asked. <see cref="GitHub"/>, <see cref="Notion"/> and
/// <see cref="SearXng"/> answer like those services, in small.
/// </summary>
public sealed class ServiceDouble : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<Request, CancellationToken, Task<Answer?>> _answer;

    private ServiceDouble(WebApplication app, Func<Request, CancellationToken, Task<Answer?>> answer)
    {
        _app = app;
        _answer = answer;
        app.Run(AnswerAsync);
    }

    /// <summary>Such as <c>http://127.0.0.1:40123</c>, as a skill's secret takes it: without a slash at its end.</summary>
    public string Address => _app.Urls.Single();

    /// <summary>In the order of their coming; each is here before it is answered.</summary>
    public ConcurrentQueue<Request> Requests { get; } = [];

    /// <summary>A service whose answers are there at once. Null is 404.</summary>
    public static Task<ServiceDouble> StartAsync(Func<Request, Answer?> answer, CancellationToken cancellationToken) =>
        StartAsync((request, _) => Task.FromResult(answer(request)), cancellationToken);

    /// <summary>A service that may keep its callers waiting; the token given to the delegate ends with the call. Null is 404.</summary>
    public static async Task<ServiceDouble> StartAsync(Func<Request, CancellationToken, Task<Answer?>> answer, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var service = new ServiceDouble(builder.Build(), answer);
        await service._app.StartAsync(cancellationToken);
        return service;
    }

    /// <summary>The first that has an answer gives it.</summary>
    public static Func<Request, Answer?> FirstOf(params Func<Request, Answer?>[] services) =>
        request => services.Select(service => service(request)).FirstOrDefault(answer => answer is not null);

    /// <summary>
    /// GitHub's <c>POST /user/repos</c>, where the name <c>taken</c> is taken, and <c>GET /repos/{owner}/{repo}/issues</c>, with one open and one closed issue.
    /// The user is <c>octocat</c>.
    /// </summary>
    /// <param name="token">The bearer token that is let in.</param>
    public static Func<Request, Answer?> GitHub(string token)
    {
        var repositories = 0L;
        return request =>
        {
            var segments = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            return (request.Method, segments) switch
            {
                ("POST", ["user", "repos"]) => Refusal(request) ?? CreateRepository(request),
                ("GET", ["repos", var owner, var repo, "issues"]) => Refusal(request) ?? ListIssues(request, owner, repo),
                _ => null,
            };
        };

        Answer? Refusal(Request request)
        {
            if (request.Header("User-Agent") is null or "") return GitHubError(403, "Request forbidden by administrative rules.");
            return request.HasBearer(token) ? null : GitHubError(401, "Bad credentials");
        }

        Answer CreateRepository(Request request)
        {
            if (request.Json is not { ValueKind: JsonValueKind.Object } body) return GitHubError(400, "Problems parsing JSON");
            if (!body.TryGetProperty("name", out var value) || value.GetString() is not { Length: > 0 } name)
                return GitHubError(422, "Repository creation failed.", new { resource = "Repository", code = "missing_field", field = "name" });
            if (name == "taken")
            {
                return GitHubError(422, "Repository creation failed.",
                    new { resource = "Repository", code = "custom", field = "name", message = "name already exists on this account" });
            }

            return Answer.Of(201, new
            {
                id = Interlocked.Increment(ref repositories),
                name,
                full_name = $"octocat/{name}",
                @private = body.TryGetProperty("private", out var hidden) && hidden.ValueKind is JsonValueKind.True,
                html_url = $"https://github.com/octocat/{name}",
            });
        }

        static Answer ListIssues(Request request, string owner, string repo)
        {
            var state = request.Query("state") ?? "open";
            (int Number, string State, string Title)[] issues = [(2, "open", "The second issue"), (1, "closed", "The first issue")];
            return Answer.Of(200, issues.Where(issue => state == "all" || issue.State == state).Select(issue => new
            {
                number = issue.Number,
                title = issue.Title,
                state = issue.State,
                labels = Array.Empty<object>(),
                html_url = $"https://github.com/{owner}/{repo}/issues/{issue.Number}",
            }));
        }

        static Answer GitHubError(int status, string message, params object[] errors) =>
            Answer.Of(status, new { message, errors, documentation_url = "https://docs.github.com/rest", status = $"{status}" });
    }

    /// <summary>Notion's <c>POST /v1/search</c>: one page, whose title is what was asked for.</summary>
    /// <param name="key">The integration's secret that is let in.</param>
    public static Func<Request, Answer?> Notion(string key)
    {
        return request =>
        {
            if ((request.Method, request.Path) is not ("POST", "/v1/search")) return null;
            if (!request.HasBearer(key)) return Error(401, "unauthorized", "API token is invalid.");
            if (request.Header("Notion-Version") is null) return Error(400, "missing_version", "Notion-Version header should be defined.");
            if (request.Json is not { ValueKind: JsonValueKind.Object } body) return Error(400, "invalid_json", "Error parsing JSON body.");
            var title = body.TryGetProperty("query", out var query) ? query.GetString() : "Everything";
            var text = new { type = "text", text = new { content = title }, plain_text = title };
            var page = new
            {
                @object = "page",
                id = "59833787-2cf9-4fdf-8782-e53db20768a5",
                url = "https://www.notion.so/598337872cf94fdf8782e53db20768a5",
                properties = new { title = new { id = "title", type = "title", title = new[] { text } } },
            };
            return Answer.Of(200, new { @object = "list", results = new[] { page }, next_cursor = (string?)null, has_more = false, type = "page_or_database" });
        };

        static Answer Error(int status, string code, string message) => Answer.Of(status, new { @object = "error", status, code, message });
    }

    /// <summary>SearXNG's <c>GET /search?format=json</c>: two results, whose titles hold the query. Any other format is 403, as of an instance that has not turned it on.</summary>
    public static Func<Request, Answer?> SearXng()
    {
        return request =>
        {
            if ((request.Method, request.Path) is not ("GET", "/search")) return null;
            if (request.Query("format") != "json") return new Answer(403, "Forbidden", "text/plain");
            if (request.Query("q") is not { Length: > 0 } query) return Answer.Of(400, new { error = "No query" });
            return Answer.Of(200, new
            {
                query,
                number_of_results = 2,
                results = new[] { Result(1), Result(2) },
                answers = Array.Empty<object>(),
                corrections = Array.Empty<object>(),
                infoboxes = Array.Empty<object>(),
                suggestions = Array.Empty<object>(),
                unresponsive_engines = Array.Empty<object>(),
            });

            object Result(int number) => new
            {
                url = $"https://example.com/{number}",
                title = $"{query} {number}",
                content = $"Excerpt {number}.",
                engine = "example",
                engines = new[] { "example" },
                category = "general",
                score = 1.0 / number,
            };
        };
    }

    public async ValueTask DisposeAsync()
    {
        // Answers that never end must not hold up the end.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        var request = new Request(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context.Request.Path.Value ?? "/",
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await body.ReadToEndAsync(context.RequestAborted));
        Requests.Enqueue(request);
        var answer = await _answer(request, context.RequestAborted) ?? Answer.Of(404, new { message = "Not Found" });
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        if (answer.Body.Length == 0) return;
        context.Response.ContentType = answer.ContentType;
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>What the service was asked.</summary>
    /// <param name="Method">Such as <c>POST</c>.</param>
    /// <param name="Target">Path and query as they were sent, percent-encoded.</param>
    /// <param name="Path">Decoded, without the query.</param>
    /// <param name="Headers">By name, in any case of letters.</param>
    /// <param name="Body">Empty when there was none.</param>
    public sealed record Request(string Method, string Target, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
    {
        /// <summary>The body; null when it is not JSON.</summary>
        public JsonElement? Json
        {
            get
            {
                try
                {
                    using var document = JsonDocument.Parse(Body);
                    return document.RootElement.Clone();
                }
                catch (JsonException)
                {
                    return null;
                }
            }
        }

        /// <summary>Null when it was not sent.</summary>
        public string? Header(string name) => Headers.GetValueOrDefault(name);

        /// <summary>A query parameter, decoded; null when it was not sent.</summary>
        public string? Query(string name)
        {
            var mark = Target.IndexOf('?', StringComparison.Ordinal);
            return mark >= 0 && QueryHelpers.ParseQuery(Target[mark..]).TryGetValue(name, out var value) ? value.ToString() : null;
        }

        public bool HasBearer(string token) => Header("Authorization") == $"Bearer {token}";
    }

    /// <summary>What the service says.</summary>
    /// <param name="Status">Of HTTP.</param>
    /// <param name="Body">Sent as UTF-8.</param>
    /// <param name="ContentType">Of the body.</param>
    public sealed record Answer(int Status, string Body, string ContentType = "application/json; charset=utf-8")
    {
        /// <summary>Beside the content type, such as <c>Location</c> or <c>Retry-After</c>.</summary>
        public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

        /// <param name="status">Of HTTP.</param>
        /// <param name="body">Becomes JSON with its members' names as they are.</param>
        public static Answer Of(int status, object body) => new(status, JsonSerializer.Serialize(body));
    }
}
