using System.Text.Json;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Tests.Tools;

/// <summary>Schemas and values are somebody else's: each keyword says what it means, and no pair of them takes for ever.</summary>
public sealed class ToolSchemaTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","required":["b"]}}}""", """{"a":{}}""", "a.b", "is missing")]
    [InlineData("""{"items":{"type":"integer"}}""", """[1,2,"x"]""", "[2]", "must be an integer, not a string")]
    [InlineData("""{"properties":{"a":{"items":{"properties":{"b":{"maximum":3}}}}}}""", """{"a":[{"b":1},{"b":4}]}""", "a[1].b", "must be at most 3")]
    [InlineData("""{"exclusiveMinimum":0}""", "0", "", "must be above 0")]
    [InlineData("""{"exclusiveMaximum":1}""", "1", "", "must be below 1")]
    [InlineData("""{"multipleOf":0.1}""", "0.35", "", "must be a multiple of 0.1")]
    [InlineData("""{"pattern":"^a+$"}""", "\"ab\"", "", "must match ^a+$")]
    [InlineData("""{"uniqueItems":true}""", """[{"a":1,"b":2},3,{"b":2.0,"a":1}]""", "[2]", "is there twice")]
    [InlineData("""{"minProperties":1}""", "{}", "", "must have at least 1 members")]
    [InlineData("""{"maxProperties":1}""", """{"a":1,"b":2}""", "", "must have at most 1 members")]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", """{"ab":1}""", "ab", "has a name that must have at most 1 characters")]
    [InlineData("""{"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false}""", """{"x-a":1}""", "x-a", "must be a string, not a number")]
    [InlineData("""{"patternProperties":{"^x-":{}},"additionalProperties":false}""", """{"y":1}""", "y", "is not allowed")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "b", "is missing, which a needs")]
    [InlineData("""{"dependentSchemas":{"a":{"required":["c"]}}}""", """{"a":1}""", "c", "is missing")]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":false}""", """["a",1]""", "[1]", "is not allowed")]
    [InlineData("""{"contains":{"type":"string"},"maxContains":1}""", """["a","b"]""", "", "must hold at most 1 items of the kind that it has to contain")]
    [InlineData("""{"allOf":[{"type":"object"},{"required":["a"]}]}""", "{}", "a", "is missing")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", "1", "", "fits none of the forms that it may have")]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":2}]}""", "3", "", "fits more than one of the forms of which it must have one")]
    [InlineData("""{"not":{"type":"string"}}""", "\"a\"", "", "has a form that it must not have")]
    [InlineData("""{"if":{"properties":{"a":{"const":1}}},"then":{"required":["b"]},"else":{"required":["c"]}}""", """{"a":1}""", "b", "is missing")]
    [InlineData("""{"if":{"properties":{"a":{"const":1}}},"then":{"required":["b"]},"else":{"required":["c"]}}""", """{"a":2}""", "c", "is missing")]
    [InlineData("""{"$defs":{"n/m~":{"type":"integer"}},"properties":{"a":{"$ref":"#/$defs/n~1m~0"}}}""", """{"a":"x"}""", "a", "must be an integer, not a string")]
    [InlineData("""{"type":"object","properties":{"child":{"$ref":"#"}},"additionalProperties":false}""", """{"child":{"child":{"x":1}}}""", "child.child.x", "is not allowed")]
    [InlineData("""{"maximum":9007199254740992}""", "9007199254740993", "", "must be at most 9007199254740992")]
    [InlineData("""{"type":"integer"}""", "9007199254740993.5", "", "must be an integer, not a number")]
    [InlineData("""{"multipleOf":1e-30}""", "0.35e-30", "", "must be a multiple of 1e-30")]
    [InlineData("""{"const":0}""", "1e-30", "", "must be 0")]
    [InlineData("""{"pattern":"^[a-z$]+$"}""", "\"a$\\n\"", "", "must match ^[a-z$]+$")]
    [InlineData("""{"anyOf":[{"required":["a"]}]}""", "{}", "a", "is missing")]
    [InlineData("""{"$defs":{"a b":{"type":"string"}},"items":{"$ref":"#/$defs/a%20b"}}""", "[1]", "[0]", "must be a string, not a number")]
    [InlineData("""{"minLength":1}""", "\"\\ud800\"", "", "is no text: it holds half of a surrogate pair")]
    [InlineData("""{"const":"a"}""", "\"\\ud800\"", "", "is no text: it holds half of a surrogate pair")]
    [InlineData("""{"items":{"enum":["a"]}}""", "[\"a\",\"\\udc00\"]", "[1]", "is no text: it holds half of a surrogate pair")]
    public void What_does_not_fit_is_told_with_its_place(string schema, string value, string path, string reason) =>
        Assert.Equal((path, reason), Find(schema, value));

    [Theory]
    [InlineData("""{"enum":[1,{"a":[1,2]}]}""", """{"a":[1.0,2]}""")]
    [InlineData("""{"multipleOf":0.01}""", "0.35")]
    [InlineData("""{"pattern":"b"}""", "\"abc\"")]
    [InlineData("""{"type":"integer"}""", "1e2")]
    [InlineData("""{"contains":{"type":"string"}}""", """[1,"a"]""")]
    [InlineData("""{"maxLength":1}""", "\"\ud83d\ude00\"")]
    [InlineData("""{"oneOf":[{"type":"string"},{"type":"integer"}]}""", "1")]
    [InlineData("""{"pattern":"^[$]\\$$"}""", "\"$$\"")]
    [InlineData("""{"contains":{"type":"string"},"minContains":0}""", "[1]")]
    [InlineData("""{"multipleOf":1e-30}""", "1e-30")]
    [InlineData("""{"uniqueItems":true}""", """[1,"1",true,[1],{"a":1},{"a":"1"},null,1e-30,0]""")]
    [InlineData("true", "{}")]
    public void What_fits_is_taken(string schema, string value) => Assert.Null(Find(schema, value));

    [Theory]
    [InlineData("""{"properties":{"a":{"pattern":"(a)\\1"}}}""", "properties.a.pattern")]
    [InlineData("""{"properties":{"a":{"pattern":"("}}}""", "properties.a.pattern")]
    [InlineData("""{"patternProperties":{"(?=a)":{}}}""", "patternProperties.(?=a)")]
    [InlineData("""{"$ref":"https://example.com/schema"}""", "$ref")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "$ref")]
    [InlineData("""{"anyOf":[{"type":"text"}]}""", "anyOf[0].type")]
    [InlineData("""{"items":[{"type":"string"}]}""", "items")]
    [InlineData("""{"exclusiveMinimum":true}""", "exclusiveMinimum")]
    [InlineData("""{"unevaluatedProperties":false}""", "unevaluatedProperties")]
    [InlineData("""{"minLength":-1}""", "minLength")]
    [InlineData("""{"multipleOf":0}""", "multipleOf")]
    [InlineData("""{"required":"a"}""", "required")]
    [InlineData("""{"properties":[]}""", "properties")]
    [InlineData("""{"x-a":{"type":5},"$ref":"#/x-a"}""", "$ref")]
    [InlineData("""{"examples":[{"pattern":"(a)\\1"}],"items":{"$ref":"#/examples/0"}}""", "items.$ref")]
    [InlineData("""{"properties":{"type":{}},"$ref":"#/properties"}""", "$ref")]
    [InlineData("""{"$anchor":"a"}""", "$anchor")]
    [InlineData("""{"$dynamicRef":"#a"}""", "$dynamicRef")]
    [InlineData("""{"allOf":[]}""", "allOf")]
    [InlineData("""{"type":[]}""", "type")]
    [InlineData("""{"$defs":{"a":{"const":"\ud800"}}}""", "$defs.a.const")]
    [InlineData("1", "")]
    public void A_schema_that_cannot_be_kept_to_is_refused_with_the_place(string schema, string path) =>
        Assert.Equal(path, ToolSchema.FindProblem(JsonElement.Parse(schema))?.Path);

    [Fact]
    public void What_describes_is_passed_over() => Assert.Null(ToolSchema.FindProblem(JsonElement.Parse(
        """{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"t","x-order":1,"format":"email","examples":[1],"$defs":{"a":{}}}""")));

    [Fact]
    public void An_expression_that_would_backtrack_for_ever_does_not() =>
        Assert.Equal("must match ^(a+)+$", Find("""{"pattern":"^(a+)+$"}""", JsonSerializer.Serialize(new string('a', 10_000) + "b"))?.Reason);

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"allOf":[{"$ref":"#"}]}""")]
    public void A_schema_that_is_itself_ends(string schema) => Assert.Equal("is too complex to be checked against the schema", Find(schema, "{}")?.Reason);

    [Fact]
    public void Forms_within_forms_end_with_the_budget()
    {
        // Each level looks at the next twice: 2 to the power of 30 in all.
        var levels = string.Join(',', Enumerable.Range(0, 30).Select(level =>
            $$"""
            "l{{level}}":{"oneOf":[{"$ref":"#/$defs/l{{level + 1}}"},{"$ref":"#/$defs/l{{level + 1}}"}]}
            """));
        var schema = $$$"""{"$defs":{{{{levels}}},"l30":{"type":"string"}},"$ref":"#/$defs/l0"}""";

        Assert.Equal("is too complex to be checked against the schema", Find(schema, "1")?.Reason);
    }

    [Fact]
    public void Paths_of_long_names_end_with_the_budget()
    {
        var name = new string('n', 500_000);
        var items = string.Join(',', Enumerable.Repeat("1", 1000));

        Assert.Equal("is too complex to be checked against the schema", Find("""{"additionalProperties":{"items":{"type":"integer"}}}""", $$"""{"{{name}}":[{{items}}]}""")?.Reason);
        Assert.NotNull(ToolSchema.FindProblem(JsonElement.Parse("{\"properties\":{\"" + name + "\":{}}}")));
    }

    [Fact]
    public void Many_different_items_are_told_apart() =>
        Assert.Null(Find("""{"type":"array","uniqueItems":true}""", JsonSerializer.Serialize(Enumerable.Range(0, 100_000))));

    [Fact]
    public void Ten_thousand_letters_do_not_stop_an_expression_of_loops_in_loops() =>
        Assert.Null(Find("""{"pattern":"(a+)+$"}""", JsonSerializer.Serialize(new string('a', 10_000))));

    [Fact]
    public void Branches_in_branches_end_with_the_budget()
    {
        // The value is looked at along 2 to the power of 20 ways.
        var levels = string.Join(',', Enumerable.Range(0, 20).Select(level =>
            $$"""
            "l{{level}}":{"anyOf":[{"$ref":"#/$defs/l{{level + 1}}"},{"$ref":"#/$defs/l{{level + 1}}"}]}
            """));
        var schema = $$$"""{"$defs":{{{{levels}}},"l20":{"type":"string"}},"$ref":"#/$defs/l0"}""";

        Assert.Equal("is too complex to be checked against the schema", Find(schema, "1")?.Reason);
    }

    [Theory]
    [InlineData("""{"required":["a"]}""")]
    [InlineData("""{"additionalProperties":false}""")]
    [InlineData("""{"enum":[{"a":1}]}""")]
    public void A_name_that_is_no_text_is_an_objection(string schema) => Assert.NotNull(Find(schema, "{\"\\ud800\":1}"));

    [Fact]
    public void A_long_text_counts_by_its_length()
    {
        var parts = string.Join(',', Enumerable.Repeat("{\"minLength\":1}", 1500));
        var schema = "{\"allOf\":[" + parts + "]}";

        Assert.Null(Find(schema, "\"short\""));
        Assert.Equal("is too complex to be checked against the schema", Find(schema, JsonSerializer.Serialize(new string('a', 100_000)))?.Reason);
    }

    [Fact]
    public void Names_that_are_looked_for_among_many_members_count()
    {
        var names = Enumerable.Range(0, 20_000).Select(number => "n" + number).ToList();
        var schema = JsonSerializer.Serialize(new { required = names });

        Assert.Equal("is too complex to be checked against the schema", Find(schema, JsonSerializer.Serialize(names.ToDictionary(name => name, _ => 1)))?.Reason);
    }

    [Fact]
    public void A_large_list_of_values_is_a_schema_like_others()
    {
        var schema = JsonSerializer.Serialize(new { @enum = Enumerable.Range(0, 50_000) });

        Assert.Null(Find(schema, "49999"));
        Assert.EndsWith("...", Find(schema, "-1")?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_of_too_many_parts_is_refused()
    {
        var schema = "{\"anyOf\":[" + string.Join(',', Enumerable.Repeat("true", 2001)) + "]}";

        Assert.Contains("2000", ToolSchema.FindProblem(JsonElement.Parse(schema))?.Reason, StringComparison.Ordinal);
    }

    private static (string Path, string Reason)? Find(string schema, string value)
    {
        var parsed = JsonElement.Parse(schema);
        Assert.Null(ToolSchema.FindProblem(parsed));
        return ToolSchema.Find(parsed, JsonElement.Parse(value));
    }
}
