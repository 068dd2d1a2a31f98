using OpenClaw.Grains.Abstractions;
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
        if (!KeyNames.IsName(session))
            fields.Refuse("session", RequestReasons.Name);
        return session;
    }

    /// <summary>The context that a query names.</summary>
    public static string ReadSession(QueryParameters query)
    {
        var session = query.Text("session") ?? BrowserKey.DefaultSession;
        if (!KeyNames.IsName(session))
            query.Refuse("session", RequestReasons.Name);
        return session;
    }

    public static OpenPage ReadOpen(JsonFields fields) => new()
    {
        Url = fields.Text("url", required: true, allowNul: true) ?? "",
        WaitUntil = fields.Choice<PageMoment>("waitUntil") ?? default,
        Timeout = Timeout(fields),
    };

    public static RunScript ReadScript(JsonFields fields) => new()
    {
        Script = fields.Text("script", required: true, allowNul: true) ?? "",
        Timeout = Timeout(fields),
    };

    public static ActOnPage ReadAct(JsonFields fields) => new()
    {
        Action = fields.Choice<PageAction>("action", required: true) ?? default,
        Ref = fields.Text("ref"),
        Text = fields.Text("text", allowNul: true),
        Key = fields.Text("key"),
        Value = fields.Text("value"),
    };

    private static int Timeout(JsonFields fields) => (int?)fields.Integer("timeout", 1, OpenPage.MaxTimeout) ?? OpenPage.DefaultTimeout;
}
