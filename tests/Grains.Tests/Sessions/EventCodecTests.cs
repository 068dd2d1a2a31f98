using System.Text;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Tests.Sessions;

/// <summary>What a row of the log gives back is what its writer published.</summary>
public sealed class EventCodecTests
{
    [Fact]
    public void A_range_gives_its_frames_back_numbered_from_its_first_seq()
    {
        Frame[] frames = [new TextFrame("你好 \u0000 😀"), new CodeFrame("x = 1", "python"), new CodeFrame("y", null), new QueuedFrame()];

        var decoded = Decode(SessionEventKind.Frames, EventCodec.EncodeFrames(frames), 7, 10);

        Assert.Equal([7, 8, 9, 10], decoded.Select(frame => frame.Seq));
        Assert.Equal(frames, decoded.Select(frame => frame.Frame));
    }

    [Fact]
    public void A_message_and_an_end_give_back_their_frames()
    {
        var message = new MessageState { Id = "msg-1", Content = "hi" };
        var done = new DoneState { MessageId = "msg-2", Content = "hello", FinishReason = "stop", InputTokens = 3, OutputTokens = 4 };

        Assert.Equal(new MessageFrame("msg-1", "hi"), Decode(SessionEventKind.Message, EventCodec.Encode(message), 1, 1)[0].Frame);
        Assert.Equal(
            new DoneFrame("msg-2", new TokenUsage(3, 4), "stop"),
            Decode(SessionEventKind.Done, EventCodec.Encode(done), 2, 2)[0].Frame);
    }

    [Fact]
    public void A_failed_turn_gives_back_its_problem_in_both_languages()
    {
        var problem = Problem.Invalid("model", Reasons.UnknownModel("x"));
        var done = new DoneState
        {
            MessageId = "msg-2", Content = "", FinishReason = "error", Problem = EventCodec.ToState(problem),
        };

        var frame = Assert.IsType<ErrorFrame>(Decode(SessionEventKind.Done, EventCodec.Encode(done), 2, 2)[0].Frame);

        Assert.Equal(problem, frame.Problem);
    }

    [Fact]
    public void A_tools_result_gives_its_actions_and_then_its_end()
    {
        var action = new TurnAction("file_created", JsonPayload.From("""{"path":"/a"}"""));
        var result = new ToolResultState
        {
            CallId = "c1", Name = "files_write", Succeeded = true, Content = "ok", Actions = [EventCodec.ToState(action)],
        };

        var frames = Decode(SessionEventKind.ToolResult, EventCodec.Encode(result), 5, 6);

        var shown = Assert.IsType<ActionFrame>(frames[0].Frame).Action;
        Assert.Equal("file_created", shown.Type);
        Assert.Equal("""{"path":"/a"}""", Encoding.UTF8.GetString(shown.Fields.Utf8.Span));
        Assert.Equal(new ToolFrame("files_write", "c1", ToolStatus.Succeeded), frames[1].Frame);
    }

    private static List<SessionFrame> Decode(SessionEventKind kind, byte[] payload, long from, long to)
    {
        var frames = new List<SessionFrame>();
        EventCodec.Decode(new SessionEventState(from, to, "turn-1-x", kind, payload, DateTimeOffset.UnixEpoch), frames);
        return frames;
    }
}
