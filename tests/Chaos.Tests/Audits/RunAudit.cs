using OpenClaw.Chaos.Tests.Clients;
using OpenClaw.ModelServer;
using OpenClaw.Testing.Audits;
using OpenClaw.Testing.Http;

namespace OpenClaw.Chaos.Tests.Audits;

/// <summary>Holds all sessions of a run against what was promised, once the cluster is quiet.</summary>
internal sealed class RunAudit(ApiClient client, IReadOnlyCollection<RecordedRequest> asked, ILookup<string, ToolRun> runs)
{
    private const int AtOnce = 8;

    private readonly ILookup<string, RecordedRequest> _asked = asked.ToLookup(request => request.UserText);
    private readonly List<Finding> _findings = [];
    private readonly List<StreamFrame> _ends = [];

    /// <summary>Every promise that was broken; empty when all were kept.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Turns that ended.</summary>
    public int Turns => _ends.Count;

    /// <summary>Times that a turn went on after a crash.</summary>
    public int Recoveries { get; private set; }

    /// <summary>Tool calls that a crash cut, so that the model was told that they may have been made.</summary>
    public int InterruptedCalls { get; private set; }

    public async Task RunAsync(IReadOnlyCollection<ChatClient> clients, CancellationToken cancellationToken)
    {
        _findings.AddRange(clients.Select(chatting => chatting.Failure).OfType<Finding>());
        var chats = clients.SelectMany(chatting => chatting.Chats).ToList();
        await Parallel.ForEachAsync(
            chats,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (chat, token) => await AuditAsync(chat, token));

        var contents = chats.SelectMany(chat => chat.Messages).Select(message => message.Script).ToList();
        var words = contents.SelectMany(script => script.Words).ToHashSet();
        var questions = contents.Select(script => script.Content).ToHashSet();
        _findings.AddRange(runs.Where(run => !words.Contains(run.Key)).Select(run => new Finding(FindingKind.ToolInvented, run.Key)));
        _findings.AddRange(_asked.Where(request => !questions.Contains(request.Key)).Select(request => new Finding(FindingKind.MessageInvented, request.Key)));
        var usage = SessionCalls.Require(await client.GetAsync("/api/usage", cancellationToken), 200).Json;
        _findings.AddRange(UsageAudit.Audit(usage, _ends));
    }

    private async Task AuditAsync(Chat chat, CancellationToken cancellationToken)
    {
        var found = (await chat.Conversation.AuditAsync(client, cancellationToken)).ToList();
        var turns = chat.Conversation.Replayed.GroupBy(frame => frame.TurnId).Select(turn => turn.ToList()).ToList();
        foreach (var message in chat.Messages)
        {
            if (!message.Sent.Acknowledged)
                found.Add(new Finding(FindingKind.MessageLost, $"Never accepted: {message.Script.Content}"));
            // One without a turn of its own has been found already.
            if (turns.Find(frames => IsOf(frames, message)) is not { } turn)
                continue;
            var answerId = turn[^1].Text("messageId");
            var answer = chat.Conversation.History.FirstOrDefault(stands => stands.Id == answerId)?.Content ?? "";
            found.AddRange(TurnAudit.Audit(new TurnEvidence(message.Script, turn, answer, [.. _asked[message.Script.Content]], runs)));
            found.AddRange(await ReplayAsync(chat, message, turn, cancellationToken));
        }

        lock (_findings)
        {
            _findings.AddRange(found.Select(finding => finding with { Evidence = $"{finding.Evidence} [session {chat.Conversation.SessionId}]" }));
            _ends.AddRange(chat.Conversation.Replayed.Where(frame => frame.EndsTurn));
            Recoveries += chat.Conversation.Replayed.Count(frame => frame.IsStatus("recovering"));
            InterruptedCalls += chat.Conversation.Replayed.Count(frame => frame.Type == "tool" && frame.Text("status") == "failed");
        }
    }

    /// <summary>The same message under its key once more: it gets what it got, and is marked as a repetition.</summary>
    private async Task<IReadOnlyList<Finding>> ReplayAsync(
        Chat chat, ChatMessage message, IReadOnlyList<StreamFrame> turn, CancellationToken cancellationToken)
    {
        var (sessionId, content) = (chat.Conversation.SessionId, message.Script.Content);
        var key = ("Idempotency-Key", message.Sent.IdempotencyKey);
        string? header;
        bool same;
        if (message.Sent.Streamed)
        {
            await using var stream = await client.StreamMessageAsync(sessionId, content, cancellationToken, null, key);
            header = stream.Header("Idempotent-Replayed");
            var frames = await stream.ReadToEndAsync(cancellationToken);
            same = Compare(frames).SequenceEqual(Compare(turn.Where(frame => frame.Type != "message")));
        }
        else
        {
            var response = await client.SendMessageAsync(sessionId, content, cancellationToken, null, key);
            header = response.Header("Idempotent-Replayed");
            same = response.Body == message.Answer;
        }

        return same && header == "true" ? [] : [new Finding(FindingKind.ReplayDiffers, content)];
    }

    private static bool IsOf(List<StreamFrame> turn, ChatMessage message) =>
        turn.Exists(frame => frame.Type == "message" && frame.Text("content") == message.Script.Content);

    private static IEnumerable<(long Seq, string Raw)> Compare(IEnumerable<StreamFrame> frames) => frames.Select(frame => (frame.Seq, frame.Raw));
}
