using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.ModelServer;

/// <summary>Anthropic's messages: https://platform.claude.com/docs/en/api/messages. An instance writes one answer.</summary>
internal sealed class AnthropicFormat : IModelFormat
{
    private const string Id = "msg_scripted";

    private int _block;
    private bool _textOpen;

    public AskedOfModel Read(string body)
    {
        var root = FormatJson.Parse(body);
        var userText = "";
        var images = 0;
        var results = new List<string>();
        foreach (var message in root.GetProperty("messages").EnumerateArray())
        {
            if (FormatJson.Property(message, "role") != "user") continue;
            var answers = Results(message).ToList();
            results.AddRange(answers);
            if (answers.Count > 0) continue;
            (userText, images) = FormatJson.Content(message);
            results.Clear();
        }

        return new AskedOfModel
        {
            Model = FormatJson.Property(root, "model"),
            Stream = FormatJson.Flag(root, "stream"),
            WantsUsage = true,
            UserText = userText,
            Images = images,
            ToolResults = results.Count > 0 ? string.Join("\n", results) : null,
            ToolResultCount = results.Count,
        };
    }

    public string Error(int status, string message) => FormatJson.Text(new JsonObject
    {
        ["type"] = "error",
        ["error"] = new JsonObject
        {
            ["type"] = status switch
            {
                401 => "authentication_error",
                403 => "permission_error",
                404 => "not_found_error",
                429 => "rate_limit_error",
                529 => "overloaded_error",
                >= 500 => "api_error",
                _ => "invalid_request_error",
            },
            ["message"] = message,
        },
    });

    public string Whole(AskedOfModel asked, ModelAnswer answer, IReadOnlyList<string> chunks)
    {
        var content = new JsonArray();
        if (answer.Text is { Length: > 0 } text) content.Add(new JsonObject { ["type"] = "text", ["text"] = text });
        for (var i = 0; i < answer.ToolCalls.Count; i++)
        {
            var call = Call(answer.ToolCalls[i], i);
            call["input"] = JsonNode.Parse(answer.ToolCalls[i].Arguments);
            content.Add(call);
        }

        var body = Message(asked);
        body["content"] = content;
        body["stop_reason"] = ReasonOf(answer);
        if (answer.Usage) body["usage"] = new JsonObject { ["input_tokens"] = AnswerPlayer.InputTokens, ["output_tokens"] = chunks.Count };
        return FormatJson.Text(body);
    }

    public string Opening(AskedOfModel asked)
    {
        var message = Message(asked);
        message["usage"] = new JsonObject { ["input_tokens"] = AnswerPlayer.InputTokens, ["output_tokens"] = 0 };
        return Event("message_start", new JsonObject { ["message"] = message }) + Event("ping", []);
    }

    public string Chunk(AskedOfModel asked, string text)
    {
        var opening = _textOpen ? "" : Event("content_block_start", new JsonObject
        {
            ["index"] = _block,
            ["content_block"] = new JsonObject { ["type"] = "text", ["text"] = "" },
        });
        _textOpen = true;
        return opening + Event("content_block_delta", new JsonObject
        {
            ["index"] = _block,
            ["delta"] = new JsonObject { ["type"] = "text_delta", ["text"] = text },
        });
    }

    public IEnumerable<string> ToolCalls(AskedOfModel asked, ModelAnswer answer)
    {
        for (var i = 0; i < answer.ToolCalls.Count; i++)
        {
            var call = Call(answer.ToolCalls[i], i);
            call["input"] = new JsonObject();
            yield return CloseText() + Event("content_block_start", new JsonObject { ["index"] = _block, ["content_block"] = call });
            foreach (var piece in FormatJson.Pieces(answer.ToolCalls[i].Arguments))
            {
                yield return Event("content_block_delta", new JsonObject
                {
                    ["index"] = _block,
                    ["delta"] = new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = piece },
                });
            }

            yield return Event("content_block_stop", new JsonObject { ["index"] = _block });
            _block++;
        }
    }

    public string Finish(AskedOfModel asked, ModelAnswer answer, int chunks)
    {
        var delta = new JsonObject
        {
            ["delta"] = new JsonObject { ["stop_reason"] = ReasonOf(answer), ["stop_sequence"] = null },
            ["usage"] = answer.Usage ? new JsonObject { ["output_tokens"] = chunks } : new JsonObject { ["output_tokens"] = 0 },
        };
        return CloseText() + Event("message_delta", delta);
    }

    public string Closing(AskedOfModel asked, ModelAnswer answer, int chunks) => Event("message_stop", []);

    public string ErrorEvent(string message) => $"event: error\ndata: {Error(529, message)}\n\n";

    private static IEnumerable<string> Results(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind is not JsonValueKind.Array) yield break;
        foreach (var part in content.EnumerateArray())
        {
            if (FormatJson.Property(part, "type") == "tool_result") yield return FormatJson.Content(part).Text;
        }
    }

    private static string ReasonOf(ModelAnswer answer) => answer.FinishReason ?? (answer.ToolCalls.Count > 0 ? "tool_use" : "end_turn");

    private static JsonObject Message(AskedOfModel asked) => new()
    {
        ["id"] = Id,
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = asked.Model,
        ["content"] = new JsonArray(),
        ["stop_reason"] = null,
        ["stop_sequence"] = null,
    };

    private static JsonObject Call(ScriptedToolCall call, int index) => new()
    {
        ["type"] = "tool_use",
        ["id"] = call.Id ?? string.Create(CultureInfo.InvariantCulture, $"toolu_scripted_{index + 1}"),
        ["name"] = call.Name,
    };

    private static string Event(string type, JsonObject data)
    {
        var body = new JsonObject { ["type"] = type };
        foreach (var (name, value) in data.ToList())
        {
            data.Remove(name);
            body[name] = value;
        }

        return $"event: {type}\ndata: {FormatJson.Text(body)}\n\n";
    }

    private string CloseText()
    {
        if (!_textOpen) return "";
        _textOpen = false;
        return Event("content_block_stop", new JsonObject { ["index"] = _block++ });
    }
}
