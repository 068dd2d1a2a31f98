using System.Text;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions.Fences;
using OpenClaw.Grains.Sessions.Journal;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>Turns a model's text into <c>text</c> and <c>code</c> frames, and keeps the text of the step as the model wrote it.</summary>
internal sealed class FrameEmitter(SessionJournal journal, string turnId, TimeProvider time) : IFenceSink
{
    private readonly StringBuilder _step = new();
    private readonly long _createdAt = time.GetTimestamp();
    private FenceSplitter? _splitter;
    private bool _first = true;

    /// <summary>What the step has said so far, fences included.</summary>
    public string StepText => _step.ToString();

    public void BeginStep() => _splitter = new FenceSplitter();

    public void Write(string text)
    {
        _step.Append(text);
        _splitter!.Push(text, this);
    }

    /// <summary>Gives out what was held back in case a fence was to follow.</summary>
    public void Flush()
    {
        _splitter?.Flush(this);
        _splitter = null;
    }

    /// <summary>The step's text, once.</summary>
    public string TakeStepText()
    {
        var text = _step.ToString();
        _step.Clear();
        return text;
    }

    void IFenceSink.Text(string content) => Emit(new TextFrame(content));

    void IFenceSink.Code(string content, string? language) => Emit(new CodeFrame(content, language));

    private void Emit(Frame frame)
    {
        if (_first)
        {
            _first = false;
            SessionMetrics.TimeToFirstFrame.Record(time.GetElapsedTime(_createdAt).TotalSeconds);
        }

        journal.Emit(turnId, frame);
    }
}
