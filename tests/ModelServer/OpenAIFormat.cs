using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace OpenClaw.ModelServer;

/// <summary>OpenAI's chat completions: https://platform.openai.com/docs/api-reference/chat.</summary>
internal sealed class OpenAIFormat : IModelFormat
{
    private const string Id = "chatcmpl-scripted";

    public AskedOfModel Read(string body)
    {
        var root = FormatJson.Parse(body);
        var userText = "";
        var images = 0;
        var results = new List<string>();
        foreach (var message in root.GetProperty("messages").EnumerateArray())
        {
            switch (FormatJson.Property(message, "role"))
            {
                case "user":
                    (userText, images) = FormatJson.Content(message);
                    results.Clear();
                    break;
                case "tool":
                    results.Add(FormatJson.Content(message).Text);
                    break;
            }
        }

        return new AskedOfModel
        {
            Model = FormatJson.Property(root, "model"),
            Stream = FormatJson.Flag(root, "stream"),
            WantsUsage = root.TryGetProperty("stream_options", out var options) && FormatJson.Flag(options, "include_usage"),
            UserText = userText,
            Images = images,
            ToolResults = results.Count > 0 ? string.Join("\n", results) : null,
            ToolResultCount = results.Count,
        };
    }

    public string Error(int status, string message) => FormatJson.Text(new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["message"] = message,
            ["type"] = status >= 500 ? "server_error" : "invalid_request_error",
            ["param"] = null,
            ["code"] = status switch { 404 => "model_not_found", 429 => "rate_limit_exceeded", 401 => "invalid_api_key", _ => null },
        },
    });

    public string Whole(AskedOfModel asked, ModelAnswer answer, IReadOnlyList<string> chunks)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = answer.Text };
        if (answer.ToolCalls.Count > 0)
            message["tool_calls"] = new JsonArray([.. answer.ToolCalls.Select((call, index) => Call(call, index, call.Arguments))]);
        var body = new JsonObject
        {
            ["id"] = Id,
            ["object"] = "chat.completion",
            ["created"] = 0,
            ["model"] = asked.Model,
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = ReasonOf(answer) }),
        };
        if (answer.Usage) body["usage"] = Usage(chunks.Count);
        return FormatJson.Text(body);
    }

    public string Opening(AskedOfModel asked) => Event(asked, new JsonObject { ["role"] = "assistant", ["content"] = "" });

    public string Chunk(AskedOfModel asked, string text) => Event(asked, new JsonObject { ["content"] = text });

    public IEnumerable<string> ToolCalls(AskedOfModel asked, ModelAnswer answer)
    {
        for (var i = 0; i < answer.ToolCalls.Count; i++)
        {
            var first = true;
            foreach (var piece in FormatJson.Pieces(answer.ToolCalls[i].Arguments))
            {
                var call = first
                    ? Call(answer.ToolCalls[i], i, piece)
                    : new JsonObject { ["function"] = new JsonObject { ["arguments"] = piece } };
                call["index"] = i;
                first = false;
                yield return Event(asked, new JsonObject { ["tool_calls"] = new JsonArray(call) });
            }
        }
    }

    public string Finish(AskedOfModel asked, ModelAnswer answer, int chunks) => Event(asked, [], ReasonOf(answer));

    public string Closing(AskedOfModel asked, ModelAnswer answer, int chunks)
    {
        var events = new StringBuilder();
        if (answer.Usage && asked.WantsUsage)
        {
            var usage = Envelope(asked);
            usage["choices"] = new JsonArray();
            usage["usage"] = Usage(chunks);
            events.Append("data: ").Append(FormatJson.Text(usage)).Append("\n\n");
        }

        return events.Append("data: [DONE]\n\n").ToString();
    }

    public string ErrorEvent(string message) => $"data: {Error(500, message)}\n\n";

    private static string ReasonOf(ModelAnswer answer) => answer.FinishReason ?? (answer.ToolCalls.Count > 0 ? "tool_calls" : "stop");

    private static JsonObject Usage(int chunks) => new()
    {
        ["prompt_tokens"] = AnswerPlayer.InputTokens,
        ["completion_tokens"] = chunks,
        ["total_tokens"] = AnswerPlayer.InputTokens + chunks,
    };

    private static JsonObject Call(ScriptedToolCall call, int index, string arguments) => new()
    {
        ["id"] = call.Id ?? string.Create(CultureInfo.InvariantCulture, $"call_scripted_{index + 1}"),
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = arguments },
    };

    private static JsonObject Envelope(AskedOfModel asked) => new()
    {
        ["id"] = Id,
        ["object"] = "chat.completion.chunk",
        ["created"] = 0,
        ["model"] = asked.Model,
    };

    private static string Event(AskedOfModel asked, JsonObject delta, string? finish = null)
    {
        var body = Envelope(asked);
        body["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish });
        return $"data: {FormatJson.Text(body)}\n\n";
    }
}
