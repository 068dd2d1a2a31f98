using System.IO.Compression;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Skills;

/// <summary>Archives and folders of the workspace that want more than to be installed. The database has no part in it.</summary>
public sealed class ArchiveTests(Servers servers) : SkillTest(servers.OnSqlite)
{
    private static readonly (string Path, string Content) Manifest = ("SKILL.md", SkillFiles.Manifest("evil"));

    [Theory]
    [InlineData("../evil.txt")]
    [InlineData("scripts/../../evil.txt")]
    [InlineData("/evil.txt")]
    [InlineData("scripts\\..\\..\\evil.txt")]
    [InlineData("./../evil.txt")]
    [InlineData("scripts/CON")]
    [InlineData("aux.txt")]
    public async Task A_zip_whose_files_would_lie_elsewhere_is_refused(string path)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryInstallZipAsync(tenant.Client, SkillFiles.Zip(Manifest, (path, "evil"))), "path");

        ErrorAssert.IsNotFound(await TryGetAsync(tenant.Client, "evil"));
        Assert.Empty((await tenant.Client.GetAsync("/api/files/search?pattern=evil*", Cancellation)).Json.GetProperty("files").EnumerateArray());
    }

    [Theory]
    [InlineData("A.txt", "a.txt")]
    [InlineData("same.txt", "same.txt")]
    [InlineData("thing", "thing/file.txt")]
    public async Task A_zip_with_two_files_in_one_place_is_refused(string one, string two)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryInstallZipAsync(tenant.Client, SkillFiles.Zip(Manifest, (one, "1"), (two, "2"))), "path");
        ErrorAssert.IsNotFound(await TryGetAsync(tenant.Client, "evil"));
    }

    [Theory]
    [InlineData("link")]
    [InlineData("actions.json")]
    public async Task A_zip_with_a_symbolic_link_is_refused(string link)
    {
        using var tenant = await NewTenantAsync();

        var refused = await TryInstallZipAsync(tenant.Client, SkillFiles.ZipWithLink(link, Manifest));

        ErrorAssert.IsInvalid(refused, "path");
        ErrorAssert.IsNotFound(await TryGetAsync(tenant.Client, "evil"));
    }

    [Fact]
    public async Task A_link_in_a_folder_leads_nowhere()
    {
        using var tenant = await NewTenantAsync();
        await WriteAsync(tenant.Client, "evil", ("README.md", "A place to begin."));
        var linked = await tenant.Client.PostAsync("/api/commands/execute", new { command = "ln -s /etc/passwd ~/skills/evil/SKILL.md" }, Cancellation);
        Assert.Equal(0, SessionCalls.Require(linked, 200).Json.GetProperty("exitCode").GetInt32());

        var refused = await TryInstallFolderAsync(tenant.Client, "evil");

        IsRefused(refused, 400, 404);
        Assert.DoesNotContain("root:", refused.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is no zip")]
    [InlineData("PK\u0003\u0004 and then nothing of use")]
    [InlineData("")]
    public async Task What_is_no_zip_is_refused(string content)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryInstallZipAsync(tenant.Client, System.Text.Encoding.Latin1.GetBytes(content)), "path");
    }

    [Fact]
    public async Task A_zip_that_is_cut_is_refused()
    {
        using var tenant = await NewTenantAsync();
        var zip = SkillFiles.Zip(Manifest, ("data.txt", new string('x', 1000)));

        ErrorAssert.IsInvalid(await TryInstallZipAsync(tenant.Client, zip[..^30]), "path");
    }

    [Fact]
    public async Task A_small_zip_of_more_than_200_MiB_is_refused()
    {
        using var tenant = await NewTenantAsync();
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            var manifest = archive.CreateEntry("SKILL.md");
            using (var writer = new StreamWriter(manifest.Open())) writer.Write(Manifest.Content);
            var zeros = new byte[1 << 20];
            for (var file = 0; file < 3; file++)
            {
                using var bomb = archive.CreateEntry($"zeros{file}", CompressionLevel.Fastest).Open();
                for (var i = 0; i < 70; i++) bomb.Write(zeros);
            }
        }

        var refused = await TryInstallZipAsync(tenant.Client, buffer.ToArray());

        IsRefused(refused, 400, 413);
        ErrorAssert.IsNotFound(await TryGetAsync(tenant.Client, "evil"));
    }
}
