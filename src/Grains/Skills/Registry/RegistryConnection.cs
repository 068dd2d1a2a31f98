using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Http;

namespace OpenClaw.Grains.Skills.Registry;

/// <summary>
/// Requests to the registry. Its own origin is reached as the operator configured it, private or not; wherever else it leads is
/// reached through the egress policy, and without the token.
/// </summary>
internal sealed class RegistryConnection(IOptions<RegistryOptions> options, EgressHttp egress, TimeProvider time) : IDisposable
{
    private const int MaxJsonBytes = 1024 * 1024;
    private const int MaxRetries = 2;
    private const int MaxRedirects = 3;
    private const int MaxRetryAfterSeconds = 24 * 60 * 60;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(0.5);

    /// <summary>As long as ClawHub's own client waits.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(15);

    private readonly RegistryOptions _options = options.Value;
    private readonly HttpClient _own = new(EgressHttp.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>As the operator configured it.</summary>
    public Uri Base { get; } = new(options.Value.BaseUrl);

    public static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>A JSON answer of at most 1 MiB.</summary>
    /// <exception cref="RegistryException">There is none.</exception>
    public Task<RegistryAnswer> AskAsync(Uri address, CancellationToken cancellationToken) =>
        AskAsync(address, _options.Timeout, ReadJsonAsync, cancellationToken);

    /// <summary>Retries until there is an answer to be read, which is read once.</summary>
    /// <param name="address">In the registry.</param>
    /// <param name="limit">Of one attempt, the reading included.</param>
    /// <param name="read">An <see cref="HttpRequestException"/> of its own asks for a retry.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RegistryException">There is none.</exception>
    public async Task<T> AskAsync<T>(Uri address, TimeSpan limit, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        for (var retry = 0; ; retry++)
        {
            try
            {
                return await AskOnceAsync(address, limit, read, cancellationToken);
            }
            catch (RegistryException failure) when (failure.MayRetry && retry < MaxRetries)
            {
                await Task.Delay(failure.RetryAfter ?? DelayBefore(retry), time, cancellationToken);
            }
        }
    }

    public void Dispose() => _own.Dispose();

    private async Task<T> AskOnceAsync<T>(Uri address, TimeSpan limit, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var response = await FollowAsync(address, either.Token);
            if ((int)response.StatusCode is 408 or 429 or >= 500) throw Unavailable(response);
            return await read(response, either.Token);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RegistryException(Problem.Internal(504, RegistryReasons.Slow), failure);
        }
        catch (HttpRequestException failure)
        {
            throw EgressHttp.CauseOf(failure) is { Failure: EgressFailure.Refused }
                ? new RegistryException(Problem.Internal(502, RegistryReasons.Misled), failure)
                : new RegistryException(Problem.Internal(502, RegistryReasons.Unreachable), failure) { MayRetry = true };
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(Uri address, CancellationToken cancellationToken)
    {
        var isOwn = IsSameOrigin(address, Base);
        for (var redirects = 0; ; redirects++)
        {
            var response = await SendAsync(address, isOwn, cancellationToken);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return response;
            using (response)
            {
                if (response.Headers.Location is not { } location || !Uri.TryCreate(address, location, out var next)) throw RegistryJson.Misunderstood();
                if (redirects == MaxRedirects
                    || next.Scheme is not ("http" or "https")
                    || next.UserInfo.Length > 0
                    || (address.Scheme == "https" && next.Scheme == "http"))
                    throw new RegistryException(Problem.Internal(502, RegistryReasons.Misled));
                // What has left the registry's origin comes back as a stranger: another site must not make use of the token.
                isOwn = isOwn && IsSameOrigin(next, Base);
                address = next;
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, bool isOwn, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("openclaw", null));
        if (isOwn && _options.Token is { Length: > 0 } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await (isOwn ? _own : egress.Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private RegistryException Unavailable(HttpResponseMessage response)
    {
        var asked = RetryAfter.Of(response, time);
        int? seconds = asked is { } wait ? (int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, MaxRetryAfterSeconds) : null;
        var problem = seconds is not null || response.StatusCode is HttpStatusCode.TooManyRequests
            ? Problem.Internal(503, RegistryReasons.Busy, seconds)
            : Problem.Internal(502, RegistryReasons.Unreachable);
        return new RegistryException(problem) { MayRetry = asked is null || asked <= MaxRetryAfter, RetryAfter = asked };
    }

    /// <summary>Twice as long each time, less up to half, so that servers that failed together do not come back together.</summary>
    private static TimeSpan DelayBefore(int retry) => RetryDelay * (1 << retry) * (1 - (Random.Shared.NextDouble() / 2));

    private static async Task<RegistryAnswer> ReadJsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode) return new RegistryAnswer(status, null);
        try
        {
            var whole = await BoundedContent.ReadAsync(response.Content, MaxJsonBytes, cancellationToken) ?? throw RegistryJson.Misunderstood();
            return new RegistryAnswer(status, RegistryJson.Parse(whole));
        }
        catch (IOException failure)
        {
            throw new HttpRequestException("The answer ended early.", failure);
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException)
        {
            // It is not compressed as its headers say.
            throw RegistryJson.Misunderstood(failure);
        }
    }
}
