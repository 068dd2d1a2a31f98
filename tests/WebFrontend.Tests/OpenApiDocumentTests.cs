using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.OpenApi;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests;

public sealed class OpenApiDocumentTests
{
    private static readonly JsonNode Document = JsonNode.Parse(OpenApiDocument.Utf8.Span)!;

    private static IEnumerable<(string Path, string Method, JsonNode Operation)> Operations =>
        from path in Document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Key, operation.Value);

    [Fact]
    public async Task The_document_lists_every_route_and_no_other()
    {
        await using var host = await FrontendHost.StartAsync();

        var mapped = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} {PathOf(endpoint)}") ?? [$"GET {PathOf(endpoint)}"])
            .Where(route => route != "GET /" && !route.StartsWith("GET /docs/", StringComparison.Ordinal) && !route.StartsWith("CONNECT ", StringComparison.Ordinal))
            .Distinct().Order();

        Assert.Equal(mapped, Operations.Select(operation => $"{operation.Method.ToUpperInvariant()} {operation.Path}").Order());

        static string PathOf(RouteEndpoint endpoint)
        {
            var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            return path.StartsWith("/docs/{", StringComparison.Ordinal) ? "/docs" : path;
        }
    }

    [Fact]
    public void Every_operation_is_described_with_errors_and_examples()
    {
        var ids = new HashSet<string>();
        foreach (var (path, method, operation) in Operations)
        {
            var name = $"{method} {path}";
            Assert.True(ids.Add((string)operation["operationId"]!), name);
            Assert.NotEmpty((string?)operation["summary"] ?? "");
            Assert.NotEmpty((string?)operation["description"] ?? "");
            Assert.NotEmpty(operation["tags"]!.AsArray());
            var statuses = operation["responses"]!.AsObject().Select(response => response.Key).ToHashSet();
            Assert.Contains("500", statuses);
            Assert.Contains("503", statuses);
            if (operation["security"] is null)
                Assert.All<string>(["401", "403", "504"], status => Assert.Contains(status, statuses));
            if (operation["requestBody"] is { } body)
            {
                Assert.All(body["content"]!.AsObject(), content => Assert.NotNull(content.Value!["example"]));
                Assert.All<string>(["400", "413", "415"], status => Assert.Contains(status, statuses));
            }

            foreach (var (_, response) in operation["responses"]!.AsObject())
                Assert.All(Resolve(response!)["content"]?.AsObject() ?? [], content => Assert.NotNull(content.Value!["example"]));
            foreach (var parameter in operation["parameters"]!.AsArray())
                Assert.NotEmpty((string?)Resolve(parameter!)["description"] ?? "");
            foreach (var inPath in path.Split('/').Where(part => part.StartsWith('{')))
                Assert.Contains(operation["parameters"]!.AsArray(), parameter => (string?)Resolve(parameter!)["name"] == inPath.Trim('{', '}'));
        }
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_every_schema_is_used()
    {
        var used = References(Document).ToHashSet();

        Assert.All(used, reference => Assert.NotNull(Find(reference)));
        Assert.All(Document["components"]!["schemas"]!.AsObject(), schema => Assert.Contains("#/components/schemas/" + schema.Key, used));
    }

    [Fact]
    public void Every_example_fits_its_schema()
    {
        foreach (var content in Contents(Document))
        {
            if (content["example"] is JsonObject example)
                AssertFits(example, content["schema"]!, content.GetPath());
        }
    }

    public static TheoryData<string> WireTypes => [.. typeof(WireJson).GetProperties()
        .Where(property => property.PropertyType.IsGenericType && property.Name.EndsWith("Resource", StringComparison.Ordinal) && property.Name is not ("ActionResource"))
        .Where(property => property.PropertyType.GetGenericTypeDefinition() == typeof(JsonTypeInfo<>) && !property.Name.StartsWith("IReadOnlyList", StringComparison.Ordinal))
        .Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(WireTypes))]
    public void A_schema_has_the_members_of_its_wire_type(string resource)
    {
        var type = (JsonTypeInfo)typeof(WireJson).GetProperty(resource)!.GetValue(WireJson.Instance)!;
        var schema = Document["components"]!["schemas"]![resource[..^"Resource".Length]];

        Assert.NotNull(schema);
        Assert.Equal(
            type.GetJsonSchemaAsNode()["properties"]!.AsObject().Select(member => member.Key).Order(),
            schema["properties"]!.AsObject().Select(member => member.Key).Order());
    }

    private static IEnumerable<JsonObject> Contents(JsonNode node) => node switch
    {
        JsonObject item => (item.ContainsKey("schema") && item.ContainsKey("example") ? [item] : Enumerable.Empty<JsonObject>())
            .Concat(item.Where(member => member.Value is not null).SelectMany(member => Contents(member.Value!))),
        JsonArray items => items.SelectMany(item => Contents(item!)),
        _ => [],
    };

    private static IEnumerable<string> References(JsonNode node) => node switch
    {
        JsonObject item => item.Where(member => member.Value is not null)
            .SelectMany(member => member.Key == "$ref" ? [(string)member.Value!] : References(member.Value!)),
        JsonArray items => items.Where(item => item is not null).SelectMany(item => References(item!)),
        _ => [],
    };

    private static JsonNode? Find(string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate<string, JsonNode?>(Document, (node, name) => node?[name]);

    private static JsonNode Resolve(JsonNode node) => (string?)node["$ref"] is { } reference ? Find(reference)! : node;

    private static void AssertFits(JsonNode? value, JsonNode schemaOrReference, string where)
    {
        var schema = Resolve(schemaOrReference);
        if (schema["oneOf"] is JsonArray choices)
        {
            if (value is not null)
                AssertFits(value, choices[0]!, where);
            return;
        }

        switch (value)
        {
            case JsonObject item:
                Assert.All(schema["required"]?.AsArray() ?? [], name => Assert.True(item.ContainsKey((string)name!), $"{where}: {name}"));
                if (schema["properties"] is JsonObject members && schema["additionalProperties"] is null)
                    Assert.All(item, member => AssertFits(member.Value, members[member.Key] ?? throw new KeyNotFoundException($"{where}: {member.Key}"), $"{where}.{member.Key}"));
                break;
            case JsonArray items:
                Assert.All(items, item => AssertFits(item, schema["items"]!, where + "[]"));
                break;
            case null:
                Assert.Contains("null", schema["type"]!.AsArray().Select(type => (string?)type));
                break;
            default:
                if (schema["enum"] is JsonArray values)
                    Assert.Contains(value.ToJsonString(), values.Select(one => one!.ToJsonString()));
                if (schema["const"] is { } constant)
                    Assert.Equal(constant.ToJsonString(), value.ToJsonString());
                break;
        }
    }
}
