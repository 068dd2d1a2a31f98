using System.Text.Json.Nodes;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document: each feature describes its routes in an <c>*.openapi.json</c> file of its own folder; here
/// they are put together, and what every route has in common is added to each. Tests hold it against the routes and
/// the wire types.
/// </summary>
internal static class OpenApiDocument
{
    private const string Suffix = ".openapi.json";
    private const string NotKeyed = "x-keyed";
    private const string Common = "common" + Suffix;

    private static readonly Lazy<ReadOnlyMemory<byte>> Bytes = new(() => JsonResponse.Build(json => Build().WriteTo(json)));

    /// <summary>The document as UTF-8; put together when first asked for.</summary>
    public static ReadOnlyMemory<byte> Utf8 => Bytes.Value;

    private static JsonObject Build()
    {
        var document = Read(Common);
        foreach (var name in typeof(OpenApiDocument).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (name.EndsWith(Suffix, StringComparison.Ordinal) && name != Common)
                Merge(document, Read(name));
        }

        document["security"] = new JsonArray(Scheme("bearer"), Scheme("apiKey"));
        foreach (var (_, path) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in path!.AsObject())
                Complete(method, operation!.AsObject());
        }

        return document;
    }

    private static JsonObject Read(string name)
    {
        using var stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(name)!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    private static JsonObject Scheme(string name) => new() { [name] = new JsonArray() };

    /// <summary>Moves the members of <paramref name="part"/> into <paramref name="document"/>; two of one name are a mistake.</summary>
    private static void Merge(JsonObject document, JsonObject part)
    {
        foreach (var (name, value) in part.ToArray())
        {
            part.Remove(name);
            if (document[name] is JsonObject existing && value is JsonObject more)
                Merge(existing, more);
            else
                document.Add(name, value);
        }
    }

    /// <summary>Adds the parameters, headers and errors that follow from the kind of route.</summary>
    private static void Complete(string method, JsonObject operation)
    {
        var parameters = operation["parameters"] as JsonArray ?? [];
        operation["parameters"] = parameters;
        parameters.Add(Reference("parameters", "AcceptLanguage"));
        var responses = operation["responses"]!.AsObject();
        foreach (var (_, response) in responses)
        {
            if (response is JsonObject own && !own.ContainsKey("$ref"))
                Header(own, "X-Request-Id");
        }

        // Routes that answer with a secret give it once.
        if (!operation.Remove(NotKeyed) && method == "post")
        {
            parameters.Add(Reference("parameters", "IdempotencyKey"));
            Header(responses.First(response => response.Key[0] == '2').Value!.AsObject(), "Idempotent-Replayed");
            Errors(responses, "409");
        }

        if (operation.ContainsKey("requestBody"))
            Errors(responses, "413", "415");
        if (!operation.ContainsKey("security"))
            Errors(responses, "401", "403", "504");
        Errors(responses, "500", "503");
    }

    private static void Errors(JsonObject responses, params ReadOnlySpan<string> statuses)
    {
        foreach (var status in statuses)
            responses[status] ??= Reference("responses", status);
    }

    private static void Header(JsonObject response, string name)
    {
        var headers = response["headers"] as JsonObject ?? [];
        response["headers"] = headers;
        headers[name] = Reference("headers", name);
    }

    private static JsonObject Reference(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };
}
