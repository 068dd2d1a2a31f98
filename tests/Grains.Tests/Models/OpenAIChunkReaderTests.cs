using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Grains.Models.Providers;
using OpenClaw.Grains.Models.Providers.OpenAI;

namespace OpenClaw.Grains.Tests.Models;

public sealed class OpenAIChunkReaderTests
{
    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"你好 \u0022a\u0022\n"},"finish_reason":null}]}""", "你好 \"a\"\n")]
    [InlineData("""{"unknown":{"deep":[1,{"x":2}]},"choices":[{"logprobs":{"content":[]},"delta":{"role":"assistant","content":"a"}}]}""", "a")]
    [InlineData("""{"choices":[{"delta":{"content":null,"refusal":"I can not"}}]}""", "I can not")]
    [InlineData("""{"choices":[{"delta":{"content":"half"}},{"delta":{"content":" and half"}}]}""", "half and half")]
    public void Text_is_read_whatever_stands_around_it(string data, string expected) => Assert.Equal(expected, Read(data)!.Text);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"choices":null,"usage":null,"error":null}""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{"delta":null,"finish_reason":null}]}""")]
    [InlineData("""{"choices":[{"delta":{"role":"assistant","content":""}}]}""")]
    public void What_carries_nothing_is_passed_over(string data) => Assert.Null(Read(data));

    [Fact]
    public void The_end_the_count_of_tokens_and_the_last_word_may_come_at_once()
    {
        var update = Read("""{"choices":[{"delta":{"content":"."},"finish_reason":"eos"}],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}""")!;
        var usage = Assert.Single(update.Contents.OfType<UsageContent>()).Details;
        Assert.Equal((".", "eos", 7L, 2L), (update.Text, update.FinishReason?.Value, usage.InputTokenCount, usage.OutputTokenCount));
    }

    [Fact]
    public void Pieces_of_tool_calls_are_kept_as_they_are()
    {
        var update = Read("""
            {"choices":[{"delta":{"tool_calls":[
              {"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}},
              {"index":1,"function":{"arguments":"{\"x"}}]}}]}
            """)!;
        Assert.Equal(
            [new OpenAICallPart(0, "a", "f", ""), new OpenAICallPart(1, null, null, "{\"x")],
            Assert.IsType<List<OpenAICallPart>>(update.RawRepresentation));
    }

    [Fact]
    public void Reasoning_is_progress_without_text()
    {
        var update = Read("""{"choices":[{"delta":{"reasoning_content":"hm"}}]}""")!;
        Assert.Empty(update.Text);
        Assert.IsType<TextReasoningContent>(Assert.Single(update.Contents));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"choices":[{"delta":{"content":"cut""")]
    [InlineData("""{"choices":{}}""")]
    [InlineData("""{"choices":[7]}""")]
    [InlineData("""{"choices":[{"delta":{"content":7}}]}""")]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"index":"0"}]}}]}""")]
    [InlineData("""{"usage":{"prompt_tokens":1.5}}""")]
    public void What_is_no_piece_of_an_answer_is_refused(string data) => Assert.ThrowsAny<JsonException>(() => Read(data));

    [Fact]
    public void An_error_in_the_middle_of_an_answer_is_the_servers()
    {
        var failure = Assert.Throws<ProviderResponseException>(() => Read("""{"error":{"message":"CUDA out of memory","type":"server_error"}}"""));
        Assert.Equal((500, "CUDA out of memory"), (failure.Status, failure.Error?.Message));
    }

    [Fact]
    public void The_end_of_the_stream_is_told_from_its_events() =>
        Assert.Same(OpenAIChunkReader.Done, Read("[DONE]"));

    private static ChatResponseUpdate? Read(string data) => OpenAIChunkReader.Read("message", Encoding.UTF8.GetBytes(data));
}
