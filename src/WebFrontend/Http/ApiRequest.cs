using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.WebFrontend.Tenants;

namespace OpenClaw.WebFrontend.Http;

/// <summary>A request on its way to a grain: the HTTP request, its caller, and its body once it is read.</summary>
internal sealed class ApiRequest(HttpContext http, FrontendServices services) : IDisposable
{
    private RequestBody? _body;

    public HttpContext Http => http;

    public FrontendServices Services => services;

    public IGrainFactory Grains => services.Grains;

    /// <summary>The caller. Only routes with a <see cref="ScopeRequirement"/> have one.</summary>
    public Caller Caller { get; } = http.Features.Get<Caller>()!;

    /// <summary>Cancelled when the client leaves. For reads: what changes something is never cut in the middle.</summary>
    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>The body, read once.</summary>
    public async ValueTask<RequestBody> BodyAsync() => _body ??= await RequestBody.ReadAsync(http.Request, Aborted);

    /// <summary>The body as what <paramref name="read"/> makes of it, or what is wrong with it.</summary>
    public async ValueTask<(T? Value, Problem? Problem)> ReadAsync<T>(Func<JsonFields, T> read)
        where T : class => JsonBody.Read(http.Request, await BodyAsync(), read);

    /// <summary>Watches the key of a request whose answer stays open; only for routes that demand one.</summary>
    public Admission Admit() => services.Admissions.Admit(Credential);

    /// <summary>The key that let the request in; only on routes that demand one.</summary>
    public Credential Credential => Credential.OfKey(Authentication.KeyOf(http.Request)!);

    public string? RouteValue(string name) => http.Request.RouteValues[name] as string;

    public void Dispose() => _body?.Dispose();
}
