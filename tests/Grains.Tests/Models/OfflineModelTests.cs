using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Models;

namespace OpenClaw.Grains.Tests.Models;

public sealed class OfflineModelTests : IAsyncLifetime
{
    private readonly TestGateway _gateway =
        TestGateway.Create(TimeProvider.System, ("OpenClaw:Models:Offline:ChunkDelayMilliseconds", "0"));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Theory]
    [InlineData("帮我写一段代码", "```javascript\nconsole.log('Hello')\n```", "示例")]
    [InlineData("Please write some code for me", "```javascript\nconsole.log('Hello')\n```", "example")]
    [InlineData("用 Python 写一个脚本", "```python\n", "示例")]
    [InlineData("write a python function", "```python\n", "example")]
    [InlineData("write a C# program", "```csharp\n", "example")]
    [InlineData("写一段 bash 脚本", "```bash\n", "示例")]
    [InlineData("give me java code", "```java\n", "example")]
    [InlineData("show me some javascript code", "```javascript\n", "example")]
    [InlineData("用 go 语言写一段代码", "```go\n", "示例")]
    public async Task Asked_for_code_it_writes_a_fenced_block_in_the_language_of_the_question(string question, string code, string prose)
    {
        var answer = await _gateway.AskAsync("offline", question);

        Assert.Contains(code, answer.Text, StringComparison.Ordinal);
        Assert.Contains(prose, answer.Text, StringComparison.Ordinal);
        Assert.True(answer.Chunks.Count > 10, "It streams in small chunks.");
    }

    [Theory]
    [InlineData("Who are you?", "built-in offline model")]
    [InlineData("你是谁？", "内置的离线模型")]
    [InlineData("hello", "Hello!")]
    [InlineData("你好", "你好！")]
    [InlineData("the meaning of life", "the meaning of life")]
    [InlineData("生命的意义 \U0001F30D", "生命的意义 \U0001F30D")]
    [InlineData("", "You said")]
    public async Task It_says_what_it_is_in_the_language_of_the_question(string question, string expected) =>
        Assert.Contains(expected, (await _gateway.AskAsync("offline", question)).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("帮我写一段代码")]
    [InlineData("what time is it in Tokyo?")]
    [InlineData("anything else")]
    public async Task The_same_conversation_always_gets_the_same_answer(string question)
    {
        var first = await _gateway.AskWithToolsAsync("offline", new ChatMessage(ChatRole.User, question));
        var second = await _gateway.AskWithToolsAsync("offline", new ChatMessage(ChatRole.User, question));

        Assert.Equal(first.Chunks, second.Chunks);
        Assert.Equal(first.Calls, second.Calls);
        Assert.Equal(first.Finished, second.Finished);
    }

    [Theory]
    [InlineData("What time is it?", "{}")]
    [InlineData("what's the current time in Berlin", """{"timezone":"Europe/Berlin"}""")]
    [InlineData("现在几点？", "{}")]
    [InlineData("上海现在几点了", """{"timezone":"Asia/Shanghai"}""")]
    [InlineData("current time in America/Chicago please", """{"timezone":"America/Chicago"}""")]
    public async Task Asked_for_the_time_it_calls_the_tool_and_tells_its_result(string question, string arguments)
    {
        var asked = new ChatMessage(ChatRole.User, question);

        var call = Assert.Single((await _gateway.AskWithToolsAsync("offline", asked)).Calls);
        var answer = await _gateway.AskWithToolsAsync(
            "offline",
            asked,
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent(call.CallId, call.Name)]),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, "half past nine")]));

        Assert.Equal(("time_now", arguments), (call.Name, call.Arguments));
        Assert.Contains("half past nine", answer.Text, StringComparison.Ordinal);
        Assert.Empty(answer.Calls);
    }

    [Fact]
    public async Task A_tool_that_the_turn_does_not_have_is_not_called()
    {
        var answer = await _gateway.AskAsync("offline", "what time is it?");

        Assert.Empty(answer.Calls);
        Assert.NotEmpty(answer.Text);
    }

    [Fact]
    public async Task It_sees_that_something_is_attached()
    {
        var image = await _gateway.AskWithToolsAsync("offline", new ChatMessage(
            ChatRole.User, [new TextContent("这是什么"), new DataContent(new byte[] { 1 }, "image/png")]));
        var file = await _gateway.AskAsync("offline", "read this\n[attached file: /Documents/notes.md]");

        Assert.Contains("image/png", image.Text, StringComparison.Ordinal);
        Assert.Contains("/Documents/notes.md", file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_to_summarise_it_gives_an_extract_of_what_was_said()
    {
        var answer = await _gateway.AskWithToolsAsync(
            "offline",
            new ChatMessage(ChatRole.System, "Summarise the conversation below for your own later use."),
            new ChatMessage(ChatRole.User, "My dog is called Rex."),
            new ChatMessage(ChatRole.Assistant, "A fine name."),
            new ChatMessage(ChatRole.User, "Now write the summary."));

        Assert.Equal("- User: My dog is called Rex.\n- Assistant: A fine name.", answer.Text);
    }

    [Fact]
    public async Task A_summary_in_the_prompt_is_no_request_for_one()
    {
        var answer = await _gateway.AskWithToolsAsync(
            "offline",
            new ChatMessage(ChatRole.System, "Summary of the conversation so far:\n- User: hi"),
            new ChatMessage(ChatRole.User, "hello"));

        Assert.StartsWith("Hello!", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_pauses_between_chunks_as_configured()
    {
        var time = new FakeTimeProvider();
        await using var gateway = TestGateway.Create(time, ("OpenClaw:Models:Offline:ChunkDelayMilliseconds", "1000"));
        var request = new ModelRequest { Tenant = TenantId.Default, Model = "offline", Messages = [new ChatMessage(ChatRole.User, "hello")], Tools = gateway.Tools.For(Scopes.None) };
        await using var updates = gateway.Models.StreamAsync(request, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.True(await updates.MoveNextAsync());
        var second = updates.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(await second);
    }
}
