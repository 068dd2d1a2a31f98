using System.Buffers.Text;
using CsCheck;
using OpenClaw.Grains.Paging;

namespace OpenClaw.Grains.Tests.Paging;

public sealed class PageCursorTests
{
    [Fact]
    public void Any_position_is_read_back_as_it_was_written() => Gen.Select(Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks], Gen.String.AlphaNumeric)
        .Where((_, id) => id.Length is > 0 and <= 100)
        .Sample((ticks, id) =>
        {
            var written = new PageCursor(PagedList.ApiKeys, new DateTimeOffset(ticks, TimeSpan.Zero), id);

            Assert.True(PageCursor.TryParse(written.ToString(), PagedList.ApiKeys, out var read));
            Assert.Equal(written, read);
        });

    [Fact]
    public void Any_text_is_either_a_cursor_or_refused() => Gen.String.Sample(text =>
    {
        if (PageCursor.TryParse(text, PagedList.Sessions, out var cursor))
            Assert.Equal(PagedList.Sessions, cursor.List);
    });

    [Fact]
    public void Any_bytes_are_either_a_cursor_or_refused() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        // A right beginning lets the rest be looked at.
        byte[] text = [1, (byte)PagedList.Sessions, .. bytes];
        if (PageCursor.TryParse(Base64Url.EncodeToString(text), PagedList.Sessions, out var cursor))
            Assert.Equal(Base64Url.EncodeToString(text), cursor.ToString());
    });
}
