using System.Text;

namespace OpenClaw.ModelServer;

/// <summary>Says an answer at its pace and with its faults.</summary>
internal static class AnswerPlayer
{
    /// <summary>Prompt tokens of every answer; its own are its chunks.</summary>
    public const int InputTokens = 7;

    /// <summary>Completes when the response has ended as scripted; a hang ends only when the client leaves.</summary>
    /// <exception cref="ScriptedCutException">The connection is to be broken.</exception>
    public static async Task PlayAsync(
        HttpContext context, IModelFormat format, AskedOfModel asked, ModelAnswer answer, RecordedRequest record)
    {
        var aborted = context.RequestAborted;
        var response = context.Response;
        if (answer.FirstDelayMilliseconds > 0) await Task.Delay(answer.FirstDelayMilliseconds, aborted);
        if (answer.Hang) await Task.Delay(Timeout.Infinite, aborted);
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) response.Headers[name] = value;
        var chunks = Split(answer);
        if (answer.Status != 200 || answer.Body is not null || !asked.Stream)
        {
            response.ContentType = answer.ContentType ?? "application/json";
            if (asked.Stream || answer.Status != 200)
                await response.WriteAsync(answer.Body ?? format.Error(answer.Status, answer.ErrorMessage ?? $"Scripted status {answer.Status}."), aborted);
            else await PlayWholeAsync(context, format, asked, answer, chunks, record);
            return;
        }

        response.ContentType = answer.ContentType ?? "text/event-stream";
        await SendAsync(response, format.Opening(asked));
        var sent = 0;
        foreach (var chunk in chunks)
        {
            if (await FailAsync(context, format, answer, sent)) return;
            if (answer.DelayMilliseconds > 0) await Task.Delay(answer.DelayMilliseconds, aborted);
            await SendAsync(response, format.Chunk(asked, chunk));
            record.ChunksSent = ++sent;
        }

        foreach (var piece in format.ToolCalls(asked, answer))
        {
            if (await FailAsync(context, format, answer, sent)) return;
            await SendAsync(response, piece);
            record.ChunksSent = ++sent;
        }

        if (await FailAsync(context, format, answer, sent)) return;
        await SendAsync(response, format.Finish(asked, answer, sent));
        if (answer.CutAtEnd) throw new ScriptedCutException();
        await SendAsync(response, format.Closing(asked, answer, sent));
        Count(record, answer, sent);
    }

    private static async Task PlayWholeAsync(
        HttpContext context, IModelFormat format, AskedOfModel asked, ModelAnswer answer, List<string> chunks, RecordedRequest record)
    {
        if (answer.DelayMilliseconds > 0) await Task.Delay(answer.DelayMilliseconds * chunks.Count, context.RequestAborted);
        if (answer.HangAfter is not null) await Task.Delay(Timeout.Infinite, context.RequestAborted);
        var body = answer.GarbageAfter is null ? answer.Body ?? format.Whole(asked, answer, chunks) : "{{{ this is no JSON";
        if (answer.CutAfter is null && answer.EndAfter is null)
        {
            await context.Response.WriteAsync(body, context.RequestAborted);
            Count(record, answer, chunks.Count);
            return;
        }

        await SendAsync(context.Response, body[..(body.Length / 2)]);
        throw new ScriptedCutException();
    }

    private static void Count(RecordedRequest record, ModelAnswer answer, int chunks)
    {
        if (!answer.Usage) return;
        record.InputTokens = InputTokens;
        record.OutputTokens = chunks;
    }

    /// <summary>Plays the fault that is due after so many chunks, if there is one; true when the response ends with it.</summary>
    private static async Task<bool> FailAsync(HttpContext context, IModelFormat format, ModelAnswer answer, int sent)
    {
        if (answer.HangAfter == sent)
        {
            while (answer.KeepAliveMilliseconds is { } pause)
            {
                await Task.Delay(pause, context.RequestAborted);
                await SendAsync(context.Response, ": keep-alive\n\n");
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        if (answer.CutAfter == sent) throw new ScriptedCutException();

        if (answer.GarbageAfter == sent)
        {
            await SendAsync(context.Response, "data: \u0001\ufffd{{{ no event\n\n");
            return true;
        }

        if (answer.ErrorAfter == sent)
        {
            await SendAsync(context.Response, format.ErrorEvent(answer.ErrorMessage ?? "Scripted error."));
            return true;
        }

        return answer.EndAfter == sent;
    }

    private static async Task SendAsync(HttpResponse response, string events)
    {
        if (events.Length == 0) return;
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(events), response.HttpContext.RequestAborted);
        await response.Body.FlushAsync(response.HttpContext.RequestAborted);
    }

    private static List<string> Split(ModelAnswer answer)
    {
        var chunks = new List<string>();
        if (answer.Text is not { Length: > 0 } text) return chunks;
        var start = 0;
        while (start < text.Length)
        {
            var end = answer.ChunkSize > 0 ? Math.Min(text.Length, start + answer.ChunkSize) : text.IndexOf(' ', start) + 1;
            if (end <= start) end = text.Length;
            if (end < text.Length && char.IsHighSurrogate(text[end - 1])) end++;
            chunks.Add(text[start..end]);
            start = end;
        }

        return chunks;
    }
}
