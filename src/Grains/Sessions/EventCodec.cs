using System.Buffers;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Storage.Sessions;
using ErrorCode = OpenClaw.Grains.Abstractions.Errors.ErrorCode;

namespace OpenClaw.Grains.Sessions;

/// <summary>Between rows of the log and the frames that clients see.</summary>
internal static class EventCodec
{
    private const string Text = "t";
    private const string Code = "c";
    private const string Queued = "q";

    public static byte[] EncodeFrames(IReadOnlyList<Frame> frames)
    {
        var states = new List<FrameState>(frames.Count);
        foreach (var frame in frames)
        {
            states.Add(frame switch
            {
                TextFrame text => new FrameState { Kind = Text, Content = text.Content },
                CodeFrame code => new FrameState { Kind = Code, Content = code.Content, Language = code.Language },
                QueuedFrame => new FrameState { Kind = Queued },
                _ => throw new InvalidOperationException($"A {frame.GetType().Name} is an event of its own."),
            });
        }

        return JsonSerializer.SerializeToUtf8Bytes(states, SessionStateJson.Default.ListFrameState);
    }

    /// <summary>The frames of a row, numbered.</summary>
    public static void Decode(SessionEventState row, List<SessionFrame> into)
    {
        var seq = row.SeqFrom;
        switch (row.Kind)
        {
            case SessionEventKind.Message:
                var message = Message(row);
                Add(new MessageFrame(message.Id, message.Content));
                break;
            case SessionEventKind.Frames:
                foreach (var frame in JsonSerializer.Deserialize(row.Payload, SessionStateJson.Default.ListFrameState)!)
                {
                    Add(frame.Kind switch
                    {
                        Text => new TextFrame(frame.Content ?? ""),
                        Code => new CodeFrame(frame.Content ?? "", frame.Language),
                        Queued => new QueuedFrame(),
                        _ => throw new InvalidDataException($"The log holds a frame of unknown kind '{frame.Kind}'."),
                    });
                }

                break;
            case SessionEventKind.ToolIntent:
                var intent = ToolIntent(row);
                Add(new ToolFrame(intent.Name, intent.CallId, ToolStatus.Started));
                break;
            case SessionEventKind.Approval:
                Add(FrameOf(Approval(row)));
                break;
            case SessionEventKind.ToolResult:
                var result = ToolResult(row);
                foreach (var frame in FramesOf(result)) Add(frame);
                break;
            case SessionEventKind.Done:
                Add(FrameOf(Done(row)));
                break;
            case SessionEventKind.Recovering:
                Add(new RecoveringFrame(JsonSerializer.Deserialize(row.Payload, SessionStateJson.Default.RecoveringState)!.RestartFrom));
                break;
            case SessionEventKind.RolledBack:
                Add(new RolledBackFrame(JsonSerializer.Deserialize(row.Payload, SessionStateJson.Default.RolledBackState)!.FromSeq));
                break;
            default:
                throw new InvalidDataException($"The log holds an event of unknown kind {(int)row.Kind}.");
        }

        void Add(Frame frame) => into.Add(new SessionFrame(seq++, row.TurnId, frame));
    }

    public static byte[] Encode(MessageState message) => JsonSerializer.SerializeToUtf8Bytes(message, SessionStateJson.Default.MessageState);

    public static byte[] Encode(ToolIntentState intent) => JsonSerializer.SerializeToUtf8Bytes(intent, SessionStateJson.Default.ToolIntentState);

    public static byte[] Encode(ApprovalRequestState request) => JsonSerializer.SerializeToUtf8Bytes(request, SessionStateJson.Default.ApprovalRequestState);

    public static byte[] Encode(ToolResultState result) => JsonSerializer.SerializeToUtf8Bytes(result, SessionStateJson.Default.ToolResultState);

    public static byte[] Encode(DoneState done) => JsonSerializer.SerializeToUtf8Bytes(done, SessionStateJson.Default.DoneState);

    public static byte[] Encode(RecoveringState recovering) => JsonSerializer.SerializeToUtf8Bytes(recovering, SessionStateJson.Default.RecoveringState);

    public static byte[] Encode(RolledBackState undone) => JsonSerializer.SerializeToUtf8Bytes(undone, SessionStateJson.Default.RolledBackState);

    public static byte[] Encode(AcceptedState accepted) => JsonSerializer.SerializeToUtf8Bytes(accepted, SessionStateJson.Default.AcceptedState);

    public static AcceptedState Accepted(byte[] stored) => JsonSerializer.Deserialize(stored, SessionStateJson.Default.AcceptedState)!;

    public static MessageState Message(SessionEventState row) =>
        JsonSerializer.Deserialize(row.Payload, SessionStateJson.Default.MessageState)!;

    public static ToolIntentState ToolIntent(SessionEventState row) =>
        JsonSerializer.Deserialize(row.Payload, SessionStateJson.Default.ToolIntentState)!;

    public static ApprovalRequestState Approval(SessionEventState row) =>
        JsonSerializer.Deserialize(row.Payload, SessionStateJson.Default.ApprovalRequestState)!;

    public static ToolResultState ToolResult(SessionEventState row) =>
        JsonSerializer.Deserialize(row.Payload, SessionStateJson.Default.ToolResultState)!;

    public static DoneState Done(SessionEventState row) =>
        JsonSerializer.Deserialize(row.Payload, SessionStateJson.Default.DoneState)!;

    public static Frame FrameOf(DoneState done) => done.Problem is { } problem
        ? new ErrorFrame(ToProblem(problem))
        : new DoneFrame(done.MessageId, UsageOf(done), done.FinishReason);

    /// <summary>The arguments as the log has them, on one line, however the model wrote them.</summary>
    public static ApprovalFrame FrameOf(ApprovalRequestState request)
    {
        var arguments = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(arguments)) request.Arguments.WriteTo(json);
        return new ApprovalFrame(request.Id, request.Tool, new JsonPayload(arguments.WrittenMemory), request.ExpiresAt);
    }

    /// <summary>What a tool did, then how its call ended.</summary>
    public static IReadOnlyList<Frame> FramesOf(ToolResultState result) =>
    [
        .. (result.Actions ?? []).Select(action => new ActionFrame(ToAction(action))),
        new ToolFrame(result.Name, result.CallId, result.Succeeded ? ToolStatus.Succeeded : ToolStatus.Failed),
    ];

    public static TokenUsage UsageOf(DoneState done) => new(done.InputTokens, done.OutputTokens, done.Estimated);

    public static TurnAnswer ToAnswer(DoneState done) => new()
    {
        MessageId = done.MessageId,
        Content = done.Content,
        Actions = ActionsOf(done),
        Usage = UsageOf(done),
        FinishReason = done.FinishReason,
        Problem = done.Problem is { } problem ? ToProblem(problem) : null,
    };

    /// <summary>An array: what a collection expression makes of an interface type cannot cross silos.</summary>
    public static TurnAction[] ActionsOf(DoneState done) => (done.Actions ?? []).Select(ToAction).ToArray();

    public static TurnAction ToAction(ActionState action) =>
        new(action.Type, JsonPayload.From(action.Fields.GetRawText()));

    public static ActionState ToState(TurnAction action) =>
        new(action.Type, JsonElement.Parse(action.Fields.Utf8.Span));

    public static ProblemState ToState(Problem problem) => new()
    {
        Code = (int)problem.Code,
        Status = problem.Status,
        Field = problem.Field,
        English = problem.Reason?.English,
        Chinese = problem.Reason?.Chinese,
        RetryAfter = problem.RetryAfterSeconds,
    };

    public static Problem ToProblem(ProblemState state) => new()
    {
        Code = (ErrorCode)state.Code,
        Status = state.Status,
        Field = state.Field,
        Reason = state.English is { } english ? new LocalizedText(english, state.Chinese ?? english) : null,
        RetryAfterSeconds = state.RetryAfter,
    };
}
