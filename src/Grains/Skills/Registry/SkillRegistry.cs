using System.Text;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Skills.Registry;

/// <summary>Skills from a registry that speaks ClawHub's protocol. What the registry says of itself is not believed where it can be checked.</summary>
internal sealed class SkillRegistry(RegistryConnection connection, IOptions<RegistryOptions> options, TimeProvider time)
{
    /// <summary>Of an archive, in bytes: the registry's own limit of a bundle.</summary>
    public const int MaxArchiveBytes = 50 * 1024 * 1024;

    private const string NameField = "name";
    private const string VersionField = "version";
    private const int MaxNameLength = 64;
    private const int BufferBytes = 64 * 1024;

    /// <summary>A download may take so many times as long as another request.</summary>
    private const int DownloadTimeouts = 5;

    private static readonly TimeSpan DiscoveryTime = TimeSpan.FromMinutes(10);

    private volatile Discovery? _discovery;

    /// <summary>Writes a skill's archive, of at most 50 MiB, to a stream.</summary>
    /// <param name="slug">The skill's name in the registry.</param>
    /// <param name="ownerHandle">Whose; null where there is one alone.</param>
    /// <param name="version">Null takes the latest.</param>
    /// <param name="force">Takes what the registry calls suspicious; never what it calls malware.</param>
    /// <param name="target">Holds anything at all when there is a problem.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(RegistryDownload? Download, Problem? Problem)> DownloadAsync(
        string slug, string? ownerHandle, string? version, bool force, Stream target, CancellationToken cancellationToken)
    {
        if (!IsName(slug)) return (null, Problem.NotFound(NameField, RegistryReasons.NoSkill));
        if (version is not null && !IsName(version)) return (null, Problem.NotFound(VersionField, RegistryReasons.NoVersion));
        try
        {
            var root = await DiscoverAsync(cancellationToken);
            var skill = await ReadAsync(SkillAddress(root, slug, "", ownerHandle), NameField, RegistryReasons.NoSkill, cancellationToken);
            var moderation = skill.Part("moderation");
            if (moderation?.IsTrue("isMalwareBlocked") is true) return (null, Malware);
            var found = version is null
                ? await LatestAsync(root, skill, slug, ownerHandle, cancellationToken)
                : await ExplicitAsync(root, slug, ownerHandle, version, cancellationToken);
            var isSuspicious = moderation?.IsTrue("isSuspicious") is true;
            if (!await IsVerifiedAsync(root, slug, ownerHandle, found, cancellationToken)) isSuspicious = true;
            if (isSuspicious && !force) return (null, Problem.Conflict(RegistryReasons.Suspicious, NameField));

            var address = Address(root, "api/v1/download", ("slug", slug), ("ownerHandle", ownerHandle), ("version", found));
            var length = await connection.AskAsync(
                address, options.Value.Timeout * DownloadTimeouts, (response, token) => SaveAsync(response, target, token), cancellationToken);
            return (new RegistryDownload(slug, ownerHandle, found, length), null);
        }
        catch (RegistryException failure)
        {
            return (null, failure.Problem);
        }
    }

    /// <summary>Asks the registry whether files are those of the version that was downloaded; null when they are.</summary>
    /// <param name="download">What they came from.</param>
    /// <param name="fingerprint">Of the files: SHA-256 over the sorted lines <c>path:sha256(file)</c>, in hexadecimal digits.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Problem?> VerifyAsync(RegistryDownload download, string fingerprint, CancellationToken cancellationToken)
    {
        try
        {
            var root = await DiscoverAsync(cancellationToken);
            var answer = await connection.AskAsync(
                Address(root, "api/v1/resolve", ("slug", download.Slug), ("ownerHandle", download.OwnerHandle), ("hash", fingerprint)), cancellationToken);
            if (answer.Status != 404)
            {
                var match = BodyOf(answer, NameField, RegistryReasons.NoSkill).Part("match")?.Text("version");
                return match == download.Version ? null : Problem.Internal(502, RegistryReasons.Mismatch);
            }

            // A registry without this endpoint may tell the fingerprint itself.
            var told = await ReadAsync(VersionAddress(root, download.Slug, download.OwnerHandle, download.Version), VersionField, RegistryReasons.NoVersion, cancellationToken);
            if (told.Part("version")?.Text("fingerprint") is not { } expected) return Problem.Internal(502, RegistryReasons.Unproven);
            return string.Equals(expected, fingerprint, StringComparison.OrdinalIgnoreCase) ? null : Problem.Internal(502, RegistryReasons.Mismatch);
        }
        catch (RegistryException failure)
        {
            return failure.Problem;
        }
    }

    private static Problem Malware { get; } = Problem.Forbidden(RegistryReasons.Malware, NameField);

    /// <summary>Where the registry's API is; what it says of that holds for ten minutes.</summary>
    private async Task<Uri> DiscoverAsync(CancellationToken cancellationToken)
    {
        if (_discovery is { } known && time.GetElapsedTime(known.Since) < DiscoveryTime) return known.ApiBase;
        var answer = await connection.AskAsync(Address(connection.Base, ".well-known/clawhub.json"), cancellationToken);
        var found = new Discovery(ApiBaseOf(answer.Body) ?? connection.Base, time.GetTimestamp());
        _discovery = found;
        return found.ApiBase;
    }

    /// <summary>Null when the registry says nothing, or names an address that is less safe than its own.</summary>
    private Uri? ApiBaseOf(RegistryJson? discovery)
    {
        if (discovery?.Text("apiBase") is not { } text
            || !Uri.TryCreate(text, UriKind.Absolute, out var named)
            || named.Scheme is not ("http" or "https")
            || named.UserInfo.Length > 0)
            return null;
        if (named.Scheme == "https" || RegistryConnection.IsSameOrigin(named, connection.Base)) return named;
        var isSameHost = string.Equals(named.IdnHost, connection.Base.IdnHost, StringComparison.OrdinalIgnoreCase);
        return isSameHost && connection.Base.Scheme == "http" ? named : null;
    }

    private async Task<string> ExplicitAsync(Uri root, string slug, string? ownerHandle, string version, CancellationToken cancellationToken)
    {
        await ReadAsync(VersionAddress(root, slug, ownerHandle, version), VersionField, RegistryReasons.NoVersion, cancellationToken);
        return version;
    }

    private async Task<string> LatestAsync(Uri root, RegistryJson skill, string slug, string? ownerHandle, CancellationToken cancellationToken)
    {
        if (skill.Part("latestVersion") is { } latest) return VersionOf(latest);
        var answer = await connection.AskAsync(SkillAddress(root, slug, "/install", ownerHandle), cancellationToken);
        var status = answer.Body is { } refusal && refusal.IsFalse("ok") ? refusal.Number("status") ?? 0 : answer.Status;
        if (status == 403) throw new RegistryException(Malware);
        if (status is 409 or 423) throw new RegistryException(Problem.Conflict(RegistryReasons.Locked, NameField));
        var body = BodyOf(answer with { Status = status }, NameField, RegistryReasons.NoSkill);
        if (body.Text("installKind") == "github") throw new RegistryException(Problem.Invalid(NameField, RegistryReasons.GitHub));
        return body.Part("archive") is { } archive ? VersionOf(archive) : throw RegistryJson.Misunderstood();
    }

    /// <summary>Whether the registry's checks passed; also where it has none.</summary>
    /// <exception cref="RegistryException">They found malware.</exception>
    private async Task<bool> IsVerifiedAsync(Uri root, string slug, string? ownerHandle, string version, CancellationToken cancellationToken)
    {
        var answer = await connection.AskAsync(SkillAddress(root, slug, "/verify", ownerHandle, version), cancellationToken);
        if (answer.Status == 404) return true;
        var verdict = BodyOf(answer, NameField, RegistryReasons.NoSkill);
        switch (verdict.Text("decision"))
        {
            case "pass":
                return true;
            case "fail":
                var found = verdict.Texts("reasons").Append(verdict.Part("security")?.Text("status") ?? "");
                return found.Any(IsMalware) ? throw new RegistryException(Malware) : false;
            default:
                throw RegistryJson.Misunderstood();
        }
    }

    private static bool IsMalware(string finding) =>
        finding.Contains("malware", StringComparison.OrdinalIgnoreCase) || finding.Contains("malicious", StringComparison.OrdinalIgnoreCase);

    private async Task<RegistryJson> ReadAsync(Uri address, string field, LocalizedText missing, CancellationToken cancellationToken) =>
        BodyOf(await connection.AskAsync(address, cancellationToken), field, missing);

    /// <param name="answer">Of a request for one thing.</param>
    /// <param name="field">Where the caller named it.</param>
    /// <param name="missing">When the registry does not have it.</param>
    private static RegistryJson BodyOf(RegistryAnswer answer, string field, LocalizedText missing) =>
        answer is { IsSuccess: true, Body: { } body } ? body : throw RefusalOf(answer.Status, field, missing);

    private static RegistryException RefusalOf(int status, string field, LocalizedText missing) => status switch
    {
        404 => new RegistryException(Problem.NotFound(field, missing)),
        410 => new RegistryException(Problem.NotFound(NameField, RegistryReasons.TakenBack)),
        401 or 403 => new RegistryException(Problem.Internal(502, RegistryReasons.Denied)),
        _ => RegistryJson.Misunderstood(),
    };

    private static async Task<long> SaveAsync(HttpResponseMessage response, Stream target, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status == 403) throw new RegistryException(Malware);
        if (!response.IsSuccessStatusCode) throw RefusalOf(status, VersionField, RegistryReasons.NoVersion);
        if (response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() is not ("application/zip" or "application/octet-stream" or "application/x-zip-compressed"))
            throw new RegistryException(Problem.Internal(502, RegistryReasons.NoArchive));
        if (response.Content.Headers.ContentLength > MaxArchiveBytes) throw TooLarge();

        // Counted all the same: an answer need not be as long as it says.
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[BufferBytes];
        long length = 0;
        while (await ReadSomeAsync(body, buffer, cancellationToken) is > 0 and var count)
        {
            length += count;
            if (length > MaxArchiveBytes) throw TooLarge();
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        return length;
    }

    private static RegistryException TooLarge() => new(Problem.Invalid(NameField, RegistryReasons.TooLarge, 413));

    /// <summary>Apart from the writing, whose failures are the server's own.</summary>
    private static async Task<int> ReadSomeAsync(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or InvalidOperationException)
        {
            throw new RegistryException(Problem.Internal(502, RegistryReasons.Cut), failure);
        }
    }

    private static string VersionOf(RegistryJson holder) =>
        holder.Text("version") is { } version && IsName(version) ? version : throw RegistryJson.Misunderstood();

    /// <summary>Whether a text can be one segment of an address, and no way out of it.</summary>
    private static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text[0] != '.' && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '+');

    private static Uri SkillAddress(Uri root, string slug, string rest, string? ownerHandle, string? version = null) =>
        Address(root, $"api/v1/skills/{slug}{rest}", ("ownerHandle", ownerHandle), ("version", version));

    private static Uri VersionAddress(Uri root, string slug, string? ownerHandle, string version) =>
        SkillAddress(root, slug, $"/versions/{Uri.EscapeDataString(version)}", ownerHandle);

    private static Uri Address(Uri root, string path, params (string Name, string? Value)[] query)
    {
        var text = new StringBuilder(root.GetLeftPart(UriPartial.Path).TrimEnd('/')).Append('/').Append(path);
        var separator = '?';
        foreach (var (name, value) in query)
        {
            if (value is null) continue;
            text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return new Uri(text.ToString());
    }

    private sealed record Discovery(Uri ApiBase, long Since);
}
