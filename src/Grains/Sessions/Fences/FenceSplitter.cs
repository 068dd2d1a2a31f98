using System.Text;

namespace OpenClaw.Grains.Sessions.Fences;

/// <summary>
/// Splits Markdown that arrives in chunks of any size into prose and the insides of fenced code blocks, after the fence
/// rules of CommonMark 0.31 (section 4.5). What a chunk decides is given out with that chunk.
/// </summary>
/// <remarks>
/// <para>
/// What is left out is the opening fence's line with its line break, and the line break before the closing fence with
/// the closing fence. So a document is <c>text + "```language\n" + code + "\n```" + text</c> again, in which the line
/// break before the opening fence and the one after the closing fence are text, and two blocks always have text
/// between them. A block that is never closed runs to the end of the document and keeps its last line break. An empty
/// block gives nothing. The opening fence's indentation is taken from the lines of its block, as far as they have it.
/// </para>
/// <para>
/// Held back is only what the next character may turn into a fence: indentation and fence characters where a line
/// starts, the rest of an opening fence's line, a line break inside code, and a high surrogate at a chunk's end.
/// </para>
/// <para>
/// A fence may stand in a list item, also behind its marker; its indentation counts from the item's content. Unlike in
/// CommonMark a block in a list item does not end where the item's indentation does, since models often forget it, and
/// may be closed by a fence with less indentation. Fences in block quotes stay text, marker and all.
/// </para>
/// </remarks>
internal sealed class FenceSplitter
{
    private const int MaxIndent = 3;
    private const int MinFence = 3;
    private const int MaxPadding = 4;
    private const int MaxDigits = 9;
    private const int TabWidth = 4;

    private readonly StringBuilder _run = new();
    private readonly StringBuilder _held = new();
    private readonly List<int> _items = [];
    private Place _place;
    private bool _afterCarriageReturn;
    private int _column;
    private int _count;
    private char _fence;
    private int _fenceLength;
    private int _fenceColumn;
    private int _infoStart;
    private int _maxClosingColumn;
    private string _lineBreak = "";
    private string? _language;

    private enum Place
    {
        LineStart,
        ItemNumber,
        ItemMarker,
        ItemPadding,
        OpeningFence,
        InfoString,
        Prose,
        CodeLineStart,
        ClosingFence,
        AfterClosingFence,
        Code,
    }

    private bool InCode => _place >= Place.CodeLineStart;

    private int ItemColumn => _items.Count == 0 ? 0 : _items[^1];

    /// <summary>Takes the next chunk and gives out what is decided: in plain prose, the chunk itself.</summary>
    public void Push(string chunk, IFenceSink sink)
    {
        if (chunk.Length == 0)
        {
            return;
        }

        if (PassesUnchanged(chunk))
        {
            Emit(chunk, sink);
            return;
        }

        foreach (var c in chunk)
        {
            Take(c, sink);
        }

        EmitRun(sink, holdHighSurrogate: true);
    }

    /// <summary>Ends the document: gives out what was held back, and is ready for the next document.</summary>
    public void Flush(IFenceSink sink)
    {
        var isFence = _place switch
        {
            Place.OpeningFence => _count >= MinFence,
            Place.ClosingFence => _count >= _fenceLength,
            Place.InfoString or Place.AfterClosingFence => true,
            _ => false,
        };
        if (!isFence)
        {
            Release();
        }

        EmitRun(sink, holdHighSurrogate: false);
        _held.Clear();
        _items.Clear();
        _lineBreak = "";
        _language = null;
        _afterCarriageReturn = false;
        _column = 0;
        _place = Place.LineStart;
    }

    private static bool IsLineBreak(char c) => c is '\n' or '\r';

    private bool PassesUnchanged(string chunk)
    {
        if (_run.Length > 0 || char.IsHighSurrogate(chunk[^1]) || chunk.AsSpan().IndexOfAny('\n', '\r') >= 0)
        {
            return false;
        }

        if (_place is Place.LineStart && _held.Length == 0 && chunk[0] is not (' ' or '\t' or '`' or '~' or '-' or '+' or '*' or (>= '0' and <= '9')))
        {
            StartProse();
        }

        return _place is Place.Prose or Place.Code;
    }

    private void StartProse()
    {
        _items.Clear();
        _afterCarriageReturn = false;
        _place = Place.Prose;
    }

    private void Take(char c, IFenceSink sink)
    {
        if (_afterCarriageReturn)
        {
            _afterCarriageReturn = false;
            if (c == '\n')
            {
                CompleteLineBreak();
                return;
            }
        }

        if (IsLineBreak(c))
        {
            _afterCarriageReturn = c == '\r';
            EndLine(c, sink);
            return;
        }

        switch (_place)
        {
            case Place.LineStart:
                TakeAtLineStart(c);
                break;
            case Place.ItemNumber:
                TakeInItemNumber(c);
                break;
            case Place.ItemMarker:
                TakeAfterItemMarker(c);
                break;
            case Place.ItemPadding:
                TakeInItemPadding(c);
                break;
            case Place.OpeningFence or Place.InfoString:
                TakeInOpeningLine(c);
                break;
            case Place.CodeLineStart:
                TakeAtCodeLineStart(c);
                break;
            case Place.ClosingFence or Place.AfterClosingFence:
                TakeInClosingLine(c);
                break;
            default:
                _run.Append(c);
                break;
        }
    }

    private void CompleteLineBreak()
    {
        if (!InCode)
        {
            _run.Append('\n');
        }
        else if (_lineBreak.Length > 0)
        {
            _lineBreak = "\r\n";
        }
    }

    private void EndLine(char c, IFenceSink sink)
    {
        switch (_place)
        {
            case Place.OpeningFence when _count >= MinFence:
            case Place.InfoString:
                OpenBlock(sink);
                return;
            case Place.ClosingFence when _count >= _fenceLength:
            case Place.AfterClosingFence:
                _held.Clear();
                _lineBreak = "";
                EmitRun(sink, holdHighSurrogate: false);
                _place = Place.LineStart;
                break;
            case Place.ItemMarker or Place.ItemPadding:
                _items.Add(_fenceColumn + 1);
                break;
        }

        Release();
        _column = 0;
        if (InCode)
        {
            _lineBreak = c == '\n' ? "\n" : "\r";
            _place = Place.CodeLineStart;
        }
        else
        {
            _run.Append(c);
            _place = Place.LineStart;
        }
    }

    private void TakeAtLineStart(char c)
    {
        if (c is ' ' or '\t')
        {
            _column += Width(c);
            _held.Append(c);
            if (_column > ItemColumn + MaxIndent)
            {
                Release();
                _place = Place.Prose;
            }

            return;
        }

        while (ItemColumn > _column)
        {
            _items.RemoveAt(_items.Count - 1);
        }

        if (_column > ItemColumn + MaxIndent || !StartsFenceOrItem(c))
        {
            Release();
            _run.Append(c);
            _place = Place.Prose;
        }
    }

    private bool StartsFenceOrItem(char c)
    {
        switch (c)
        {
            case '`' or '~':
                _fence = c;
                _fenceColumn = _column;
                _count = 1;
                _held.Append(c);
                _place = Place.OpeningFence;
                return true;
            case '-' or '+' or '*':
                Release();
                _run.Append(c);
                _column++;
                _fenceColumn = _column;
                _place = Place.ItemMarker;
                return true;
            case >= '0' and <= '9':
                Release();
                _run.Append(c);
                _column++;
                _count = 1;
                _place = Place.ItemNumber;
                return true;
            default:
                return false;
        }
    }

    private void TakeInItemNumber(char c)
    {
        _run.Append(c);
        _column++;
        if (char.IsAsciiDigit(c) && ++_count <= MaxDigits)
        {
            return;
        }

        _fenceColumn = _column;
        _place = c is '.' or ')' ? Place.ItemMarker : Place.Prose;
    }

    private void TakeAfterItemMarker(char c)
    {
        _run.Append(c);
        _column += Width(c);
        _place = c is ' ' or '\t' ? Place.ItemPadding : Place.Prose;
    }

    private void TakeInItemPadding(char c)
    {
        if (c is ' ' or '\t')
        {
            _run.Append(c);
            _column += Width(c);
            if (_column - _fenceColumn > MaxPadding)
            {
                _items.Add(_fenceColumn + 1);
                _place = Place.Prose;
            }

            return;
        }

        _items.Add(_column);
        if (!StartsFenceOrItem(c))
        {
            _run.Append(c);
            _place = Place.Prose;
        }
    }

    private void TakeInOpeningLine(char c)
    {
        if (_place is Place.OpeningFence && c == _fence)
        {
            _count++;
            _held.Append(c);
        }
        else if ((_place is Place.OpeningFence && _count < MinFence) || (_fence == '`' && c == '`'))
        {
            Release();
            _run.Append(c);
            _place = Place.Prose;
        }
        else
        {
            if (_place is Place.OpeningFence)
            {
                _infoStart = _held.Length;
                _place = Place.InfoString;
            }

            _held.Append(c);
        }
    }

    private void OpenBlock(IFenceSink sink)
    {
        EmitRun(sink, holdHighSurrogate: false);
        var info = _place is Place.InfoString ? _held.ToString(_infoStart, _held.Length - _infoStart).Trim() : "";
        var firstWord = info.AsSpan().IndexOfAny(' ', '\t');
        _language = info.Length == 0 ? null : firstWord < 0 ? info : info[..firstWord];
        _fenceLength = _count;
        _maxClosingColumn = ItemColumn + MaxIndent;
        _held.Clear();
        _column = 0;
        _place = Place.CodeLineStart;
    }

    private void TakeAtCodeLineStart(char c)
    {
        if (c is ' ' or '\t')
        {
            _column += Width(c);
            if (_column > _fenceColumn)
            {
                _held.Append(c);
            }

            if (_column > _maxClosingColumn)
            {
                Release();
                _place = Place.Code;
            }
        }
        else if (c == _fence)
        {
            _held.Append(c);
            _count = 1;
            _place = Place.ClosingFence;
        }
        else
        {
            Release();
            _run.Append(c);
            _place = Place.Code;
        }
    }

    private void TakeInClosingLine(char c)
    {
        if (_place is Place.ClosingFence && c == _fence)
        {
            _count++;
            _held.Append(c);
        }
        else if (_count >= _fenceLength && c is ' ' or '\t')
        {
            _held.Append(c);
            _place = Place.AfterClosingFence;
        }
        else
        {
            Release();
            _run.Append(c);
            _place = Place.Code;
        }
    }

    private int Width(char c) => c == '\t' ? TabWidth - _column % TabWidth : 1;

    /// <summary>What was held back was no fence.</summary>
    private void Release()
    {
        _run.Append(_lineBreak).Append(_held);
        _lineBreak = "";
        _held.Clear();
    }

    private void EmitRun(IFenceSink sink, bool holdHighSurrogate)
    {
        var length = _run.Length;
        if (length > 0 && holdHighSurrogate && char.IsHighSurrogate(_run[length - 1]))
        {
            length--;
        }

        if (length > 0)
        {
            Emit(_run.ToString(0, length), sink);
            _run.Remove(0, length);
        }
    }

    private void Emit(string content, IFenceSink sink)
    {
        if (InCode)
        {
            sink.Code(content, _language);
        }
        else
        {
            sink.Text(content);
        }
    }
}
