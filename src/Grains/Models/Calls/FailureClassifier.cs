using System.ClientModel;
using Anthropic.Exceptions;
using OpenClaw.Grains.Models.Providers;

namespace OpenClaw.Grains.Models.Calls;

/// <summary>What went wrong, from whatever the SDKs and the network throw.</summary>
internal static class FailureClassifier
{
    public static ModelFailure Classify(ModelProvider provider, string model, Exception exception, bool answering)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case ProviderResponseException response:
                    return FromStatus(provider, model, response);
                case AnthropicSseException said:
                    return FromEvent(provider, model, said);
                // The transports' exceptions, also when an SDK wraps them.
                case HttpRequestException or IOException or ClientResultException { Status: 0 }:
                    return answering
                        ? new ModelFailure(FailureKind.Cut, ModelProblems.Cut(provider), exception)
                        : new ModelFailure(FailureKind.Unreachable, ModelProblems.Unreachable(provider), exception);
                case OperationCanceledException:
                    return TimedOut(provider, exception);
            }
        }

        // What is left are the SDKs' objections to what they read.
        return new ModelFailure(FailureKind.Garbage, ModelProblems.Garbage(provider), exception);
    }

    public static ModelFailure TimedOut(ModelProvider provider, Exception? cause) =>
        new(FailureKind.Timeout, ModelProblems.TimedOut(provider), cause);

    private static ModelFailure FromStatus(ModelProvider provider, string model, ProviderResponseException response)
    {
        switch (response.Status)
        {
            case 401 or 403:
                return new ModelFailure(FailureKind.Unauthorized, ModelProblems.Unauthorized(provider), response);
            case 429:
                return RateLimited(provider, response.RetryAfter, response);
            case 400 or 404 or 413 or 422 when response.Error is { } error:
                return Refused(model, error, response.Status is 404, response);
            case 408 or 409 or 425 or >= 500:
                return new ModelFailure(FailureKind.Unavailable, ModelProblems.Unavailable(provider, response.Status), response)
                {
                    RetryAfter = response.RetryAfter,
                };
            default:
                return new ModelFailure(FailureKind.Garbage, ModelProblems.NotAModelServer(provider, response.Status), response);
        }
    }

    /// <summary>An <c>error</c> event in the middle of a stream that had begun with 200.</summary>
    private static ModelFailure FromEvent(ModelProvider provider, string model, AnthropicSseException said)
    {
        var error = ProviderError.Read(said.Body);
        return error?.Type switch
        {
            "invalid_request_error" or "not_found_error" => Refused(model, error, error.Type is "not_found_error", said),
            "authentication_error" or "permission_error" =>
                new ModelFailure(FailureKind.Unauthorized, ModelProblems.Unauthorized(provider), said),
            "rate_limit_error" => RateLimited(provider, null, said),
            _ => new ModelFailure(FailureKind.Unavailable, ModelProblems.Cut(provider), said),
        };
    }

    private static ModelFailure RateLimited(ModelProvider provider, TimeSpan? retryAfter, Exception cause) =>
        new(FailureKind.RateLimited, ModelProblems.RateLimited(provider, retryAfter), cause) { RetryAfter = retryAfter };

    private static ModelFailure Refused(string model, ProviderError error, bool isModel, Exception cause) => new(
        FailureKind.Refused,
        isModel || error.IsAboutModel ? ModelProblems.RefusedModel(model, error.Message) : ModelProblems.RefusedContent(error.Message),
        cause);
}
