using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Idempotency;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>Messages of a session: sending them, with the whole answer or as it is spoken, reading and following them.</summary>
internal static class MessagesApi
{
    public static IEndpointRouteBuilder MapMessagesApi(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup(SessionsApi.Prefix + "/{sessionId}").RequireScope(Scopes.Read);
        read.Get("/messages", List);
        read.Stream(HttpMethods.Get, "/stream", Follow);

        var write = routes.MapGroup(SessionsApi.Prefix + "/{sessionId}").RequireScope(Scopes.Write);
        write.PostKeyed("/messages", Send);
        write.Stream(HttpMethods.Post, "/messages/stream", SendStreamed);
        return routes;
    }

    private static async Task<ApiResult> List(ApiRequest request)
    {
        var query = new QueryParameters(request.Http.Request.Query);
        var page = new MessageQuery(query.Limit(), query.Cursor(), query.Choice("order", "asc", "desc") == "desc");
        if (query.Problem is not null)
            return ApiResult.Refused(query.Problem);
        var messages = SessionsApi.SessionOf(request) is { } grain ? await grain.ListMessages(page, request.Aborted) : null;
        return messages switch
        {
            null => ApiResult.Refused(RequestProblems.SessionNotFound),
            { Problem: { } problem } => ApiResult.Refused(problem),
            _ => ApiResult.Ok(new MessageListResource([.. messages.Messages.Select(MessageResource.Of)], messages.NextCursor), WireJson.Instance.MessageListResource),
        };
    }

    private static async Task<ApiResult> Send(ApiRequest request)
    {
        var sent = await AcceptAsync(request);
        if (sent.Problem is not null)
            return ApiResult.Refused(sent.Problem);

        var grain = request.Grains.GetSession(sent.Key);
        var answer = sent.Result.TurnWaits ? await grain.GetAnswer(sent.Result.TurnId, request.Aborted) : null;
        if (answer is null)
        {
            // The frames are only waited for: their end means that the answer is there. One that waits for an approval is answered as far as it is.
            await foreach (var batch in request.Services.Feed.FollowTurnAsync(sent.Key, sent.Result.TurnId, sent.Result.Seq, request.Aborted))
            {
                if (batch.Any(static frame => frame.Frame is ApprovalFrame) && (answer = await grain.GetAnswer(sent.Result.TurnId, request.Aborted)) is not null)
                    break;
            }

            answer ??= await grain.GetAnswer(sent.Result.TurnId, request.Aborted);
        }

        var result = answer switch
        {
            null => ApiResult.Refused(RequestProblems.SessionNotFound),
            { Problem: { } problem } => ApiResult.Refused(problem),
            _ => ApiResult.Ok(AnswerResource.Of(answer), WireJson.Instance.AnswerResource),
        };
        return result with { Replayed = sent.Result.Replayed };
    }

    private static async Task<ApiResult?> SendStreamed(ApiRequest request)
    {
        var sent = await AcceptAsync(request);
        if (sent.Problem is not null)
            return ApiResult.Refused(sent.Problem);

        var http = request.Http;
        if (sent.Result.Replayed)
            http.Response.Headers[IdempotencyHeader.Replayed] = "true";
        await using var stream = await EventStream.StartAsync(http, request.Services);
        var ended = false;
        var seq = sent.Result.Seq;
        using var admission = new StreamAdmission(request);
        await foreach (var batch in UntilEnding(request, admission, ending => request.Services.Feed.FollowTurnAsync(sent.Key, sent.Result.TurnId, seq, ending)))
        {
            if (TurnView.Of(batch) is not { Count: > 0 } shown)
                continue;
            ended = shown[^1].Frame is DoneFrame or ErrorFrame;
            await stream.WriteAsync(shown, last: ended);
            seq = shown[^1].Seq;
        }

        if (!ended && !request.Services.Stopping.IsCancellationRequested && !admission.Lost.IsCancellationRequested)
        {
            // The session was deleted: no later frame of it will ever have this seq.
            await stream.WriteAsync([new SessionFrame(seq + 1, sent.Result.TurnId, new ErrorFrame(RequestProblems.SessionNotFound))]);
        }

        return null;
    }

    private static async Task<ApiResult?> Follow(ApiRequest request)
    {
        var (seq, problem) = SeqParameter.Of(request.Http.Request);
        if (problem is not null)
            return ApiResult.Refused(problem);
        if (SessionsApi.KeyOf(request) is not { } key || await request.Grains.GetSession(key).Watch(request.Aborted) < 0)
            return ApiResult.Refused(RequestProblems.SessionNotFound);

        await using var stream = await EventStream.StartAsync(request.Http, request.Services);
        using var admission = new StreamAdmission(request);
        await foreach (var batch in UntilEnding(request, admission, ending => request.Services.Feed.FollowSessionAsync(key, seq, ending)))
            await stream.WriteAsync(batch);
        return null;
    }

    /// <summary>
    /// Ends a stream when the process begins to stop, so that open connections do not hold it up, and when its key has
    /// stopped working. Their clients ask for the rest elsewhere, or here once the server is up again; without a key that
    /// works they get 401.
    /// </summary>
    private static async IAsyncEnumerable<IReadOnlyList<SessionFrame>> UntilEnding(
        ApiRequest request, StreamAdmission admission, Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<SessionFrame>>> follow)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, request.Services.Stopping, admission.Lost);
        await using var batches = follow(ending.Token).GetAsyncEnumerator(ending.Token);
        while (await NextAsync())
            yield return batches.Current;

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await batches.MoveNextAsync();
            }
            catch (OperationCanceledException) when (!request.Aborted.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    /// <summary>Counts the message, reads it and hands it to its session. Once accepted it is durable, whoever leaves.</summary>
    private static async ValueTask<Accepted> AcceptAsync(ApiRequest request)
    {
        if (request.Services.IsOverloaded)
            return Accepted.Refused(RequestProblems.Overloaded);
        var (quota, refused) = await RateQuota.AcquireAsync(request, RateLimitClass.Messages);
        if (SessionsApi.KeyOf(request) is not { } key)
            return Accepted.Refused(refused ?? RequestProblems.SessionNotFound);
        var hasKey = IdempotencyHeader.TryGet(request.Http.Request, out var header, out var problem);
        if (refused is not null)
            return hasKey && await FindReplayAsync(request, key, header!) is { } replay ? replay : Accepted.Refused(refused);
        if (problem is not null)
            return Accepted.Refused(problem);
        var (message, invalid) = await request.ReadAsync(SessionRequests.ReadMessage);
        if (message is null)
            return Accepted.Refused(invalid!);

        var result = await request.Grains.GetSession(key).Send(
            new SendMessage
            {
                Content = message.Content,
                Attachments = message.Attachments,
                Overlap = message.Overlap,
                Scopes = request.Caller.Scopes,
                KeyId = request.Caller.KeyId,
                // With a key, that tells one message from another; without repetition nothing needs to.
                DeliveryId = hasKey || !request.Services.RepeatsCalls ? null : Guid.NewGuid().ToString("n"),
                Idempotency = hasKey ? IdempotencyHeader.Describe(request.Http.Request, header!, (await request.BodyAsync()).Utf8.Span) : null,
            },
            CancellationToken.None);
        if (result.Replayed)
            await quota.ReleaseAsync(request.Http.Response);
        return new Accepted(key, result, result.Problem);
    }

    /// <summary>A replay does not count, so it is answered even when the minute is full.</summary>
    private static async ValueTask<Accepted?> FindReplayAsync(ApiRequest request, SessionKey key, string header)
    {
        var body = await request.BodyAsync();
        if (body.Problem is not null)
            return null;
        var earlier = await request.Grains.GetSession(key)
            .FindAccepted(IdempotencyHeader.Describe(request.Http.Request, header, body.Utf8.Span), request.Aborted);
        return earlier is { Problem: null } ? new Accepted(key, earlier, null) : null;
    }

    private readonly record struct Accepted(SessionKey Key, SendResult Result, Problem? Problem)
    {
        public static Accepted Refused(Problem problem) => new(default, SendResult.Refused(problem), problem);
    }
}
