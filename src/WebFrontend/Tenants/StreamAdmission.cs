using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>
/// Looks again and again whether the key behind an open stream still opens it: a stream may stay open for days, and a key
/// that is revoked, has expired or lost its tenant shows nothing more after a second.
/// </summary>
internal sealed class StreamAdmission : IDisposable
{
    private readonly string _key;
    private readonly ApiKeyAuthenticator _keys;
    private readonly CancellationTokenSource _lost = new();
    private readonly ITimer _timer;

    public StreamAdmission(ApiRequest request)
    {
        var services = request.Services;
        _key = Authentication.KeyOf(request.Http.Request)!;
        _keys = services.Keys;
        // What the authenticator believes is as old as this at most.
        var period = services.Options.KeyRevalidation + TimeSpan.FromMilliseconds(1);
        _timer = services.Time.CreateTimer(static state => ((StreamAdmission)state!).Look(), this, period, period);
    }

    /// <summary>Cancelled when the key has stopped working.</summary>
    public CancellationToken Lost => _lost.Token;

    public void Dispose()
    {
        _timer.Dispose();
        _lost.Dispose();
    }

    private void Look()
    {
        var caller = _keys.AuthenticateAsync(_key);
        if (!caller.IsCompletedSuccessfully)
            _ = AwaitAsync(caller.AsTask());
        else if (caller.Result is null)
            Lose();
    }

    private async Task AwaitAsync(Task<Caller?> answer)
    {
        try
        {
            if (await answer is null)
                Lose();
        }
        catch (Exception)
        {
            // A key that cannot be looked up is neither let in nor turned away; the next look tells more.
            return;
        }
    }

    private void Lose()
    {
        try
        {
            _lost.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The stream has ended in this moment.
            return;
        }
    }
}
