using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Browser;

/// <summary>The bodies of browser requests; limits are the grain's.</summary>
internal static class BrowserRequests
{
    /// <summary>The context that a body names.</summary>
    public static string ReadSession(JsonFields fields)
    {
        var session = fields.Text("session") ?? BrowserKey.DefaultSession;
        if (BrowserKey.IsSession(session))
            return session;
        fields.Refuse("session", RequestReasons.BrowserSession);
        return BrowserKey.DefaultSession;
    }

    public static OpenPage ReadOpen(JsonFields fields) => new()
    {
        Url = fields.Text("url", required: true, allowNul: true) ?? "",
        WaitUntil = Choice<PageMoment>(fields, "waitUntil", required: false),
        Timeout = Timeout(fields),
    };

    public static RunScript ReadScript(JsonFields fields) => new()
    {
        Script = fields.Text("script", required: true, allowNul: true) ?? "",
        Timeout = Timeout(fields),
    };

    public static ActOnPage ReadAct(JsonFields fields) => new()
    {
        Action = Choice<PageAction>(fields, "action", required: true),
        Ref = fields.Text("ref"),
        Text = fields.Text("text", allowNul: true),
        Key = fields.Text("key"),
        Value = fields.Text("value"),
    };

    private static int Timeout(JsonFields fields) => (int?)fields.Integer("timeout", 1, OpenPage.MaxTimeout) ?? OpenPage.DefaultTimeout;

    /// <summary>A member of an enumeration by its name in lower case; the first when it may be left out and is.</summary>
    private static T Choice<T>(JsonFields fields, string name, bool required)
        where T : struct, Enum
    {
        if (fields.Text(name, required: required) is not { } text)
            return default;
        foreach (var value in Enum.GetValues<T>())
        {
            if (value.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        fields.Refuse(name, RequestReasons.OneOf(string.Join(", ", Enum.GetNames<T>().Select(known => known.ToLowerInvariant()))));
        return default;
    }
}
