using System.Globalization;
using OpenClaw.Testing.Audits;
using OpenClaw.Testing.Http;

namespace OpenClaw.Chaos.Tests.Clients;

/// <summary>
/// Sends a message, reads its answer, thinks, sends the next; a new session after some. When a connection fails it goes
/// on over the other front-end: with the same idempotency key, or after the last frame that it has.
/// </summary>
internal sealed class ChatClient(int number, IReadOnlyList<ApiClient> frontends, Waits waits, int seed)
{
    private const int MessagesPerSession = 30;

    /// <summary>Every so many clients have a second device that watches.</summary>
    private const int Watching = 4;

    private const int ReplayPercent = 10;

    private const double MinThinkSeconds = 3;
    private const double MaxThinkSeconds = 12;

    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(10);

    /// <summary>An answer that is not streamed says nothing until the turn is done.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    /// <summary>A ping comes every 15 s.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    /// <summary>A message that has no answer by then, over any connection, counts as lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    private readonly Random _random = new(seed);
    private int _switches;

    /// <summary>The client's sessions, the current one last.</summary>
    public List<Chat> Chats { get; } = [];

    private ApiClient Frontend => frontends[(number + _switches) % frontends.Count];

    /// <summary>What ended the chatting before its time, or null.</summary>
    public Finding? Failure { get; private set; }

    /// <summary>
    /// Sends until told to stop, and returns when the last answer is there; or, with a <see cref="Failure"/>, when a message
    /// got none.
    /// </summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            await ChatAsync(stop, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidDataException)
        {
            Failure = new Finding(FindingKind.NotAnswered, exception.Message);
        }
    }

    private static bool IsLost(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or TimeoutException;

    /// <summary>Not now, or nobody knows whether it was done: the same key makes asking again safe.</summary>
    private static bool IsUncertain(int status) => status is 429 or 503 or 504;

    private async Task ChatAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        while (!stop.IsCancellationRequested)
        {
            var chat = new Chat(await CreateSessionAsync(cancellationToken));
            Chats.Add(chat);
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watching = number % Watching == 0 ? WatchAsync(chat.Conversation, leave.Token) : Task.CompletedTask;
            try
            {
                await ChatAsync(chat, stop, cancellationToken);
            }
            finally
            {
                await leave.CancelAsync();
                await watching;
            }
        }
    }

    private async Task ChatAsync(Chat chat, CancellationToken stop, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MessagesPerSession && await ThinkAsync(stop); i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{number}.{Chats.Count}.{i}");
            var message = new ChatMessage(MessageScript.Create(id, _random), streamed: _random.Next(4) > 0);
            chat.Messages.Add(message);
            chat.Conversation.Sent.Add(message.Sent);
            await SendAsync(chat, message, cancellationToken);
            if (_random.Next(100) < ReplayPercent)
                await SendAsync(chat, chat.Messages[_random.Next(chat.Messages.Count)], cancellationToken);
        }
    }

    private async Task<bool> ThinkAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(MinThinkSeconds + (_random.NextDouble() * (MaxThinkSeconds - MinThinkSeconds))), stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Another try with another key is a new request: what the lost one made is nobody's.</summary>
    private async Task<string> CreateSessionAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var response = await TryAsync(limit => Frontend.PostAsync("/api/sessions", "{}", limit), HeaderTimeout, cancellationToken);
            if (response is { Status: 201 })
                return response.Text("sessionId")!;
            if (response is not null && !IsUncertain(response.Status))
                throw new InvalidDataException($"A session was not created: {response}");
            await SwitchAsync(cancellationToken);
        }
    }

    private async Task SendAsync(Chat chat, ChatMessage message, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await (message.Sent.Streamed
                ? StreamAsync(chat.Conversation, message, patience.Token)
                : AskAsync(chat.Conversation, message, patience.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"'{message.Script.Content}' in session {chat.Conversation.SessionId} got no answer within {Patience}.");
        }
    }

    private async Task AskAsync(Conversation conversation, ChatMessage message, CancellationToken cancellationToken)
    {
        while (true)
        {
            var response = await TryAsync(
                limit => Frontend.SendMessageAsync(
                    conversation.SessionId, message.Script.Content, limit, null, ("Idempotency-Key", message.Sent.IdempotencyKey)),
                AnswerTimeout,
                cancellationToken);
            if (response is { Status: 200 })
            {
                Accept(message, response.Header("Idempotent-Replayed"));
                if (message.Answer is not null && message.Answer != response.Body)
                    throw new InvalidDataException($"'{message.Script.Content}' was answered {message.Answer} and then {response.Body}");
                message.Answer = response.Body;
                message.Sent.AnswerId = response.Text("messageId");
                return;
            }

            if (response is not null && !IsUncertain(response.Status))
                throw new InvalidDataException($"'{message.Script.Content}' in session {conversation.SessionId}: {response}");
            await SwitchAsync(cancellationToken);
        }
    }

    private async Task StreamAsync(Conversation conversation, ChatMessage message, CancellationToken cancellationToken)
    {
        var listener = new Listener();
        while (true)
        {
            try
            {
                var resume = listener.LastSeq > 0 && _random.Next(2) == 0;
                if (await (resume
                    ? ResumeAsync(conversation, message, listener, cancellationToken)
                    : PostAsync(conversation, message, listener, cancellationToken)))
                {
                    waits.Add(listener.LongestWait, listener.LongestWaitEnded);
                    return;
                }
            }
            catch (Exception exception) when (IsLost(exception) && !cancellationToken.IsCancellationRequested)
            {
                // Whatever became of that connection, the answer is asked for over another.
            }

            await SwitchAsync(cancellationToken);
        }
    }

    private async Task<bool> PostAsync(Conversation conversation, ChatMessage message, Listener listener, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(HeaderTimeout);
        await using var stream = await Frontend.StreamMessageAsync(
            conversation.SessionId, message.Script.Content, limit.Token, null, ("Idempotency-Key", message.Sent.IdempotencyKey));
        if (IsUncertain(stream.Status))
            return false;
        if (stream.Status != 200)
            throw new InvalidDataException($"'{message.Script.Content}' in session {conversation.SessionId}: {stream.Status}");
        Accept(message, stream.Header("Idempotent-Replayed"));
        return await ListenAsync(stream, conversation.See(after: null), message, listener, limit);
    }

    private async Task<bool> ResumeAsync(Conversation conversation, ChatMessage message, Listener listener, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(HeaderTimeout);
        var after = listener.LastSeq;
        await using var stream = await OpenAsync(conversation, after, limit.Token);
        if (IsUncertain(stream.Status))
            return false;
        if (stream.Status != 200)
            throw new InvalidDataException($"The stream of session {conversation.SessionId} after {after}: {stream.Status}");
        return await ListenAsync(stream, conversation.See(after), message, listener, limit);
    }

    private Task<ApiStream> OpenAsync(Conversation conversation, long after, CancellationToken cancellationToken) =>
        Frontend.OpenStreamAsync(
            HttpMethod.Get,
            $"/api/sessions/{conversation.SessionId}/stream",
            null,
            cancellationToken,
            ("Last-Event-ID", after.ToString(CultureInfo.InvariantCulture)));

    /// <summary>True when the turn's end was heard, false when the stream has ended before.</summary>
    private static async Task<bool> ListenAsync(
        ApiStream stream, SeenStream seen, ChatMessage message, Listener listener, CancellationTokenSource limit)
    {
        while (true)
        {
            limit.CancelAfter(Silence);
            if (await stream.ReadAsync(limit.Token) is not { } next)
                return false;
            if (next.Comment is not null)
                continue;
            var frame = StreamFrame.Parse(next);
            seen.Frames.Add(frame);
            listener.Hear(frame.Seq);
            if (seen.After is null && message.Sent.TurnId is { } turnId && turnId != frame.TurnId)
                throw new InvalidDataException($"'{message.Script.Content}' has two turns: {turnId} and {frame}");
            message.Sent.TurnId ??= frame.TurnId;
            if (frame.EndsTurn && frame.TurnId == message.Sent.TurnId)
                return true;
        }
    }

    /// <summary>A device that only listens, over whichever front-end it reaches.</summary>
    private async Task WatchAsync(Conversation conversation, CancellationToken leave)
    {
        var last = 0L;
        for (var frontend = number + 1; !leave.IsCancellationRequested; frontend++)
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(leave);
                limit.CancelAfter(HeaderTimeout);
                await using var stream = await frontends[frontend % frontends.Count].WatchAsync(conversation.SessionId, last, limit.Token);
                if (stream.Status == 200)
                {
                    var seen = conversation.See(last);
                    limit.CancelAfter(Silence);
                    while (await stream.ReadAsync(limit.Token) is { } next)
                    {
                        limit.CancelAfter(Silence);
                        if (next.Comment is not null)
                            continue;
                        var frame = StreamFrame.Parse(next);
                        seen.Frames.Add(frame);
                        last = frame.Seq;
                    }
                }
                else if (!IsUncertain(stream.Status))
                {
                    throw new InvalidDataException($"The stream of session {conversation.SessionId} after {last}: {stream.Status}");
                }

                await Task.Delay(RetryPause, leave);
            }
            catch (Exception exception) when (IsLost(exception))
            {
                await Task.WhenAny(Task.Delay(RetryPause, leave));
            }
        }
    }

    /// <summary>The answer, or null when the connection failed or took too long.</summary>
    private static async Task<ApiResponse?> TryAsync(
        Func<CancellationToken, Task<ApiResponse>> call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await call(limit.Token);
        }
        catch (Exception exception) when (IsLost(exception) && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static void Accept(ChatMessage message, string? replayed)
    {
        if (message.Sent.Acknowledged && replayed != "true")
            throw new InvalidDataException($"'{message.Script.Content}' was accepted twice.");
        message.Sent.Acknowledged = true;
    }

    private Task SwitchAsync(CancellationToken cancellationToken)
    {
        _switches++;
        return Task.Delay(RetryPause, cancellationToken);
    }

    /// <summary>What was heard of one answer, over all its connections.</summary>
    private sealed class Listener
    {
        private long _lastHeard = TimeProvider.System.GetTimestamp();

        public long LastSeq { get; private set; }

        public TimeSpan LongestWait { get; private set; }

        public DateTimeOffset LongestWaitEnded { get; private set; }

        public void Hear(long seq)
        {
            var wait = TimeProvider.System.GetElapsedTime(_lastHeard);
            _lastHeard = TimeProvider.System.GetTimestamp();
            LastSeq = Math.Max(LastSeq, seq);
            if (wait <= LongestWait)
                return;
            LongestWait = wait;
            LongestWaitEnded = TimeProvider.System.GetUtcNow();
        }
    }
}
