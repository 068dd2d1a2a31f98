using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Samples.Registry;

/// <summary>The protocol of ClawHub, the part that reads: discovery, search, lists, versions, download, verdicts. Errors are plain text.</summary>
internal static class RegistryApi
{
    private const int DefaultLimit = 25;
    private const int MaxLimit = 100;

    public static void MapRegistryApi(this IEndpointRouteBuilder routes, SkillCatalog catalog)
    {
        routes.MapGet("/.well-known/clawhub.json", (HttpRequest request) => new { apiBase = BaseOf(request) });
        var api = routes.MapGroup("/api/v1");
        api.MapGet("/search", (string? q, int? limit, string? mode) => Search(catalog, q ?? "", limit, mode == "exact"));
        api.MapGet("/skills", (int? limit, string? cursor, string? sort) => List(catalog, limit, cursor, sort));
        api.MapGet("/skills/{slug}", (string slug) => WithSkill(catalog, slug, Show));
        api.MapGet("/skills/{slug}/versions", (string slug) => WithSkill(catalog, slug, Versions));
        api.MapGet("/skills/{slug}/versions/{version}", (string slug, string version) => WithSkill(catalog, slug, skill => ShowVersion(skill, version)));
        api.MapGet("/skills/{slug}/install", (HttpRequest request, string slug) => WithSkill(catalog, slug, skill => Install(skill, request)));
        api.MapGet("/skills/{slug}/verify", (string slug, string? version) => WithSkill(catalog, slug, skill => Verify(skill, version)));
        api.MapGet("/resolve", (string? slug, string? hash) => WithSkill(catalog, slug, skill => Resolve(skill, hash)));
        api.MapGet("/download", (string? slug, string? version) => WithSkill(catalog, slug, skill => Download(skill, version)));
        api.MapPost("/skills/-/security-verdicts", async (HttpRequest request) => await VerdictsAsync(catalog, request));
    }

    private static string BaseOf(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    private static IResult Refuse(int status, string why) => Results.Text(why, "text/plain", statusCode: status);

    private static IResult WithSkill(SkillCatalog catalog, string? slug, Func<CatalogSkill, IResult> answer) =>
        catalog.Find(slug) is { } skill ? answer(skill) : Refuse(StatusCodes.Status404NotFound, "Skill not found");

    /// <summary>Words in the slug, the name and the description, in this order of weight.</summary>
    private static object Search(SkillCatalog catalog, string query, int? limit, bool exact)
    {
        var words = query.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found =
            from skill in catalog.List()
            where !skill.Moderation.Deleted && !skill.Moderation.IsBlocked
            let score = exact ? (skill.Slug == query ? 1.0 : 0.0) : words.Sum(word => ScoreOf(skill, word))
            where score > 0
            orderby score descending, skill.Slug
            select new
            {
                score,
                slug = skill.Slug,
                displayName = skill.Latest.DisplayName,
                summary = skill.Latest.Summary,
                version = skill.Latest.Version,
                updatedAt = skill.Latest.CreatedAt.ToUnixTimeMilliseconds(),
                ownerHandle = skill.Owner,
                owner = OwnerOf(skill),
            };
        return new { results = found.Take(Math.Clamp(limit ?? DefaultLimit, 1, MaxLimit)) };
    }

    private static double ScoreOf(CatalogSkill skill, string word) =>
        (Holds(skill.Slug, word) ? 1 : 0) + (Holds(skill.Latest.DisplayName, word) ? 0.5 : 0) + (Holds(skill.Latest.Summary, word) ? 0.25 : 0);

    private static bool Holds(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The cursor is the slug of the last item.</summary>
    private static object List(SkillCatalog catalog, int? limit, string? cursor, string? sort)
    {
        var skills = catalog.List().Where(skill => !skill.Moderation.Deleted && !skill.Moderation.IsBlocked);
        skills = sort is "newest" or "updated" or "updatedAt" ? skills.OrderByDescending(skill => skill.Latest.CreatedAt).ThenBy(skill => skill.Slug, StringComparer.Ordinal) : skills;
        var ordered = skills.ToList();
        var from = cursor is null ? 0 : ordered.FindIndex(skill => skill.Slug == cursor) + 1;
        var page = ordered.Skip(from).Take(Math.Clamp(limit ?? DefaultLimit, 1, MaxLimit)).ToList();
        return new
        {
            items = page.Select(skill => new
            {
                slug = skill.Slug,
                displayName = skill.Latest.DisplayName,
                summary = skill.Latest.Summary,
                tags = new { latest = skill.Latest.Version },
                stats = new { },
                createdAt = skill.Versions[0].CreatedAt.ToUnixTimeMilliseconds(),
                updatedAt = skill.Latest.CreatedAt.ToUnixTimeMilliseconds(),
                latestVersion = VersionOf(skill.Latest),
                metadata = (object?)null,
            }),
            nextCursor = from + page.Count < ordered.Count && page.Count > 0 ? page[^1].Slug : null,
        };
    }

    private static IResult Show(CatalogSkill skill) => Results.Json(new
    {
        skill = new
        {
            slug = skill.Slug,
            displayName = skill.Latest.DisplayName,
            summary = skill.Latest.Summary,
            tags = new { latest = skill.Latest.Version },
            stats = new { },
            createdAt = skill.Versions[0].CreatedAt.ToUnixTimeMilliseconds(),
            updatedAt = skill.Latest.CreatedAt.ToUnixTimeMilliseconds(),
        },
        latestVersion = VersionOf(skill.Latest),
        metadata = (object?)null,
        owner = OwnerOf(skill),
        moderation = new
        {
            isSuspicious = skill.Moderation.Verdict == Moderation.Suspicious,
            isMalwareBlocked = skill.Moderation.IsBlocked,
            verdict = skill.Moderation.Verdict,
            reasonCodes = skill.Moderation.ReasonCodes,
        },
    });

    private static IResult Versions(CatalogSkill skill) =>
        Results.Json(new { items = skill.Versions.Reverse().Select(VersionOf), nextCursor = (string?)null });

    private static IResult ShowVersion(CatalogSkill skill, string text) => skill.Find(text) is { } version
        ? Results.Json(new
        {
            version = new
            {
                version = version.Version,
                createdAt = version.CreatedAt.ToUnixTimeMilliseconds(),
                changelog = "",
                files = version.Files().Select(file => new { path = file.Path, size = new FileInfo(file.FullPath).Length, sha256 = file.Sha256() }),
                fingerprint = version.Fingerprint(),
            },
            skill = new { slug = skill.Slug, displayName = version.DisplayName },
        })
        : Refuse(StatusCodes.Status404NotFound, "Version not found");

    private static IResult Install(CatalogSkill skill, HttpRequest request)
    {
        if (skill.Moderation.IsBlocked) return Results.Json(new { ok = false, reason = "malware_blocked", message = "This skill was found to be malicious.", status = 403 }, statusCode: 403);
        if (skill.Moderation.Deleted) return Results.Json(new { ok = false, reason = "deleted", message = "This skill was taken back.", status = 410 }, statusCode: 410);
        var version = skill.Latest.Version;
        return Results.Json(new
        {
            ok = true,
            slug = skill.Slug,
            installKind = "archive",
            archive = new { version, downloadUrl = $"{BaseOf(request)}/api/v1/download?slug={Uri.EscapeDataString(skill.Slug)}&version={Uri.EscapeDataString(version)}" },
        });
    }

    private static IResult Download(CatalogSkill skill, string? version)
    {
        if (skill.Moderation.IsBlocked) return Refuse(StatusCodes.Status403Forbidden, "This skill was found to be malicious");
        if (skill.Moderation.Deleted) return Refuse(StatusCodes.Status410Gone, "This skill was taken back");
        return skill.Find(version) is { } found
            ? Results.Bytes(found.Zip(), "application/zip", $"{skill.Slug}-{found.Version}.zip")
            : Refuse(StatusCodes.Status404NotFound, "Version not found");
    }

    private static IResult Resolve(CatalogSkill skill, string? hash) => Results.Json(new
    {
        match = skill.Versions.LastOrDefault(version => version.Fingerprint() == hash) is { } match ? new { version = match.Version } : null,
        latestVersion = new { version = skill.Latest.Version },
    });

    private static IResult Verify(CatalogSkill skill, string? text)
    {
        if (skill.Find(text) is not { } version) return Refuse(StatusCodes.Status404NotFound, "Version not found");
        var passed = skill.Moderation.Verdict == Moderation.Clean;
        return Results.Json(new
        {
            schema = "clawhub.skill.verify.v1",
            ok = passed,
            decision = passed ? "pass" : "fail",
            reasons = skill.Moderation.ReasonCodes,
            slug = skill.Slug,
            displayName = version.DisplayName,
            pageUrl = "",
            publisherHandle = skill.Owner,
            publisherDisplayName = skill.Owner,
            publisherProfileUrl = (string?)null,
            version = version.Version,
            resolvedFrom = text is null ? "latest" : "version",
            tag = (string?)null,
            createdAt = version.CreatedAt.ToUnixTimeMilliseconds(),
            card = (object?)null,
            artifact = new { fingerprint = version.Fingerprint() },
            provenance = (object?)null,
            security = new { status = skill.Moderation.Verdict, passed, signals = skill.Moderation.ReasonCodes },
            signature = (object?)null,
        });
    }

    /// <summary><c>{items: [{slug, version}]}</c>, 1 to 100 of them.</summary>
    private static async Task<IResult> VerdictsAsync(SkillCatalog catalog, HttpRequest request)
    {
        using var body = await JsonDocument.ParseAsync(request.Body);
        if (!body.RootElement.TryGetProperty("items", out var items) || items.ValueKind is not JsonValueKind.Array || items.GetArrayLength() is < 1 or > MaxLimit)
            return Refuse(StatusCodes.Status400BadRequest, string.Create(CultureInfo.InvariantCulture, $"items must hold 1 to {MaxLimit} skills"));
        return Results.Json(new
        {
            items = items.EnumerateArray().Select(item =>
            {
                var slug = item.GetProperty("slug").GetString();
                var skill = catalog.Find(slug);
                return new { slug, found = skill is not null, verdict = skill?.Moderation.Verdict, passed = skill?.Moderation.Verdict == Moderation.Clean };
            }).ToArray(),
        });
    }

    private static object OwnerOf(CatalogSkill skill) => new { handle = skill.Owner, displayName = skill.Owner, image = (string?)null };

    private static object VersionOf(CatalogVersion version) =>
        new { version = version.Version, createdAt = version.CreatedAt.ToUnixTimeMilliseconds(), changelog = "" };
}
