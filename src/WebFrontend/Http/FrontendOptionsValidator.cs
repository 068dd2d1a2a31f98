using Microsoft.Extensions.Options;

namespace OpenClaw.WebFrontend.Http;

/// <summary>Refuses to start on a setting out of its range, naming it.</summary>
internal sealed class FrontendOptionsValidator : IValidateOptions<FrontendOptions>
{
    public ValidateOptionsResult Validate(string? name, FrontendOptions options)
    {
        var failures = new List<string>();
        Check(nameof(options.PingInterval), options.PingInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Check(nameof(options.WriteStallLimit), options.WriteStallLimit, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Check(nameof(options.StopDelay), options.StopDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Check(nameof(options.KeyRevalidation), options.KeyRevalidation, TimeSpan.Zero, TimeSpan.FromMilliseconds(900));
        Check(nameof(options.KeyCacheEntries), options.KeyCacheEntries, 100, 1_000_000);
        Check(nameof(options.MaxHeaderBytes), options.MaxHeaderBytes, 4 * 1024, 1024 * 1024);
        Check(nameof(options.MaxRequestLineBytes), options.MaxRequestLineBytes, 1024, 64 * 1024);
        Check(nameof(options.HeadersTimeout), options.HeadersTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        Check(nameof(options.KeepAliveTimeout), options.KeepAliveTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Check(nameof(options.MinBodyBytesPerSecond), options.MinBodyBytesPerSecond, 0, double.MaxValue);
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check<T>(string setting, T value, T least, T most)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
                failures.Add($"{FrontendOptions.Section}:{setting} is {value}; it must lie between {least} and {most}.");
        }
    }
}
