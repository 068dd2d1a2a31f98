using OpenClaw.Testing.Audits;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Kills;

/// <summary>
/// A few conversations through many crashes. In each round clients send and watch, the crash comes at any point of their
/// turns, then everything is audited, sent again under the same keys, and audited again.
/// </summary>
internal sealed class CrashRun(ServerProcess server, ICrash crash, string[] questions, Random random)
{
    private const int Sessions = 3;

    private readonly List<Conversation> _conversations = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What happened, in a line.</summary>
    public string Summary =>
        $"{_conversations.Sum(conversation => conversation.Sent.Count)} messages, "
        + $"{_conversations.Sum(conversation => conversation.Replayed.Count(frame => frame.IsStatus("recovering")))} recoveries";

    public async Task RunAsync(int rounds)
    {
        using (var client = server.CreateAdminClient())
        {
            for (var i = 0; i < Sessions; i++)
                _conversations.Add(new Conversation(await client.CreateSessionAsync(Cancellation)));
        }

        for (var round = 1; round <= rounds; round++)
        {
            try
            {
                await CrashOnceAsync(round);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Round {round}: {exception.Message}\n{server.Output}", exception);
            }
        }

        using var last = server.CreateAdminClient();
        foreach (var conversation in _conversations)
        {
            await AuditAsync(last, conversation);
            await AuditWholeAsync(last, conversation);
            Assert.All(conversation.Sent, message => Assert.True(message.Acknowledged));
        }
    }

    private async Task CrashOnceAsync(int number)
    {
        var round = new List<(Conversation Conversation, SentMessage Message)>();
        foreach (var conversation in _conversations)
        {
            for (var i = random.Next(1, 3); i > 0; i--)
            {
                var message = new SentMessage($"({number}.{i}) {questions[random.Next(questions.Length)]}", random.Next(3) > 0);
                conversation.Sent.Add(message);
                round.Add((conversation, message));
            }
        }

        var progress = new Progress(random.Next(1, 120));
        var lateBy = TimeSpan.FromMilliseconds(random.NextDouble() * 30);
        using (var client = server.CreateAdminClient())
        using (var endOfRound = CancellationTokenSource.CreateLinkedTokenSource(Cancellation))
        {
            var senders = Task.WhenAll(round.Select(sent => UntilItBreaksAsync(
                SendAsync(client, sent.Conversation, sent.Message, progress, crash.ServerSurvives))));
            var watchers = Task.WhenAll(_conversations.Select(conversation => UntilItBreaksAsync(
                WatchAsync(client, conversation, progress, endOfRound.Token))));
            await Task.WhenAny(progress.Reached, senders);
            await Pause.ForAsync(lateBy);
            crash.Strike();
            await crash.RecoverAsync(Cancellation);
            await senders;
            if (crash.ServerSurvives)
                await endOfRound.CancelAsync();
            await watchers;
        }

        using var again = server.CreateAdminClient();
        await AuditAsync(again);
        var ignored = new Progress(0);
        await Task.WhenAll(round.Select(sent => SendAsync(again, sent.Conversation, sent.Message, ignored, mayBeRefused: false)));
        await AuditAsync(again);
    }

    private async Task AuditAsync(ApiClient client)
    {
        foreach (var conversation in _conversations)
            await AuditAsync(client, conversation);
    }

    private static async Task AuditAsync(ApiClient client, Conversation conversation)
    {
        var findings = await conversation.AuditAsync(client, Cancellation);
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    /// <summary>A replay from the beginning is what all the replays in parts were.</summary>
    private static async Task AuditWholeAsync(ApiClient client, Conversation conversation)
    {
        var turns = conversation.Replayed.Count(frame => frame.EndsTurn);
        var whole = await client.ReplayAsync(conversation.SessionId, turns, Cancellation);
        Assert.Equal(conversation.Replayed.Select(frame => (frame.Seq, frame.Raw)), whole.Select(frame => (frame.Seq, frame.Raw)));
    }

    private static Task SendAsync(
        ApiClient client, Conversation conversation, SentMessage message, Progress progress, bool mayBeRefused) => message.Streamed
        ? SendStreamedAsync(client, conversation, message, progress, mayBeRefused)
        : SendPlainAsync(client, conversation, message, progress, mayBeRefused);

    private static async Task SendStreamedAsync(
        ApiClient client, Conversation conversation, SentMessage message, Progress progress, bool mayBeRefused)
    {
        var known = message.Acknowledged;
        await using var stream = await client.StreamMessageAsync(
            conversation.SessionId, message.Content, Cancellation, null, ("Idempotency-Key", message.IdempotencyKey));
        if (mayBeRefused && stream.Status == 503)
            return;
        Assert.Equal(200, stream.Status);
        message.Acknowledged = true;
        progress.Hear();
        Assert.True(!known || stream.Header("Idempotent-Replayed") == "true", $"{message.Content} was accepted twice.");
        var seen = conversation.See(after: null);
        await foreach (var frame in stream.ReadFramesAsync(Cancellation))
        {
            Assert.True(message.TurnId is null || message.TurnId == frame.TurnId, $"{message.Content} has two turns: {message.TurnId}, {frame}");
            message.TurnId = frame.TurnId;
            seen.Frames.Add(frame);
            progress.Hear();
        }

        Assert.True(seen.Frames is [.., { EndsTurn: true }], $"The stream of {message.Content} looks whole and has no end.");
    }

    private static async Task SendPlainAsync(
        ApiClient client, Conversation conversation, SentMessage message, Progress progress, bool mayBeRefused)
    {
        var known = message.Acknowledged;
        var response = await client.SendMessageAsync(
            conversation.SessionId, message.Content, Cancellation, null, ("Idempotency-Key", message.IdempotencyKey));
        if (mayBeRefused && response.Status == 503)
            return;
        Assert.True(response.Status == 200, response.ToString());
        message.Acknowledged = true;
        progress.Hear();
        Assert.True(!known || response.Header("Idempotent-Replayed") == "true", $"{message.Content} was accepted twice.");
        var answer = response.Text("messageId");
        Assert.True(message.AnswerId is null || message.AnswerId == answer, $"{message.Content} has two answers.");
        message.AnswerId = answer;
    }

    private static async Task WatchAsync(
        ApiClient client, Conversation conversation, Progress progress, CancellationToken endOfRound)
    {
        var after = conversation.LastSeq;
        await using var stream = await client.WatchAsync(conversation.SessionId, after, Cancellation);
        if (stream.Status == 503)
            return;
        Assert.Equal(200, stream.Status);
        var seen = conversation.See(after);
        try
        {
            await foreach (var frame in stream.ReadFramesAsync(endOfRound))
            {
                seen.Frames.Add(frame);
                progress.Hear();
            }
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            return;
        }

        Assert.Fail("The stream of a session has ended by itself.");
    }

    /// <summary>A connection that the crash broke is what the run wants; anything else it reports.</summary>
    private static async Task UntilItBreaksAsync(Task client)
    {
        try
        {
            await client;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            Assert.False(exception is EndOfStreamException, exception.Message);
        }
    }
}
