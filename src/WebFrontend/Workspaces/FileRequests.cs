using System.Text;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Workspaces;

/// <summary>The bodies of file requests, with their limits.</summary>
internal static class FileRequests
{
    public const string Utf8 = "utf-8";
    public const string Base64 = "base64";

    private const int MaxETagChars = 128;

    public static WriteFile ReadWrite(JsonFields fields)
    {
        var path = ReadPath(fields, "path");
        var text = fields.Text("content", allowNul: true);
        if (text is null)
            fields.Refuse("content", RequestReasons.Missing);
        var encoding = fields.Text("encoding") ?? Utf8;
        if (encoding is not (Utf8 or Base64))
            fields.Refuse("encoding", RequestReasons.OneOf($"{Utf8}, {Base64}"));
        var content = encoding == Base64 ? Decode(text ?? "") : Encoding.UTF8.GetBytes(text ?? "");
        if (content is null)
            fields.Refuse("content", RequestReasons.Base64);
        return new WriteFile { Path = path, Content = content ?? [], IfMatch = fields.Text("ifMatch", maxChars: MaxETagChars)?.Trim('"') };
    }

    public static MoveFile ReadMove(JsonFields fields) => new() { From = ReadPath(fields, "from"), To = ReadPath(fields, "to") };

    private static string ReadPath(JsonFields fields, string name) => fields.Text(name, required: true, allowNul: true) ?? "";

    private static byte[]? Decode(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        if (!System.Buffers.Text.Base64.IsValid(utf8, out var length))
            return null;
        var content = new byte[length];
        System.Buffers.Text.Base64.DecodeFromUtf8(utf8, content, out _, out _);
        return content;
    }
}
