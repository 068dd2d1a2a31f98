using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Durability.Tests.Kills;
using OpenClaw.ModelServer;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Skills;

/// <summary>The server is killed while skills are installed and executed.</summary>
[Trait("Category", "Slow")]
public sealed class SkillKillTests
{
    private const int Rounds = 4;
    private const int Parts = 200;
    private const int PartBytes = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task What_was_installed_is_there_with_its_secrets_and_is_executed(DatabaseKind database)
    {
        const string Secret = "a secret of the keeper";
        const string Needs = "metadata:\n  openclaw:\n    requires:\n      env: [KEEPER_KEY]\n";
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Database = database }, Cancellation);
        using (var client = server.CreateAdminClient())
        {
            await client.WriteAsync("/keeper/SKILL.md", SkillCalls.Manifest("keeper", "1.0.0", Needs), Cancellation);
            await client.WriteAsync(
                "/keeper/actions.json", SkillCalls.BashAction("digest", "printf '\"%s\"' \"$(printf %s \"$KEEPER_KEY\" | sha256sum | cut -c1-64)\""), Cancellation);
            await client.InstallSkillAsync("/keeper", Cancellation);
            SessionCalls.Require(await client.PutAsync("/api/skills/keeper/secrets", new { secrets = new { KEEPER_KEY = Secret } }, Cancellation), 200);
            await client.WriteAsync("/keeper/SKILL.md", SkillCalls.Manifest("keeper", "2.0.0", Needs), Cancellation);
            await client.InstallSkillAsync("/keeper", Cancellation);
            server.Kill();
        }

        await server.RestartAsync(Cancellation);
        using var again = server.CreateAdminClient();
        var skill = await again.SkillAsync("keeper", Cancellation);
        var executed = await again.ExecuteAsync("keeper", "digest", Cancellation);

        Assert.Equal("2.0.0", skill.GetProperty("version").GetString());
        Assert.True(skill.GetProperty("enabled").GetBoolean());
        Assert.True(Assert.Single(skill.GetProperty("secrets").EnumerateArray()).GetProperty("set").GetBoolean());
        Assert.Equal("succeeded", executed.GetProperty("status").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret))), executed.GetProperty("result").GetString());
    }

    [Fact]
    public async Task An_install_that_a_kill_has_cut_leaves_the_old_revision_whole_or_the_new_one()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var server = await ServerProcess.StartAsync(new ServerSettings(), Cancellation);
        TimeSpan took;
        var revisions = new Dictionary<string, string>();
        using (var client = server.CreateAdminClient())
        {
            await client.WriteAsync("/1.0.0.zip", Zip("1.0.0", 'a'), Cancellation, "base64");
            await client.WriteAsync("/2.0.0.zip", Zip("2.0.0", 'b'), Cancellation, "base64");
            await client.InstallSkillAsync("/1.0.0.zip", Cancellation);
            revisions["1.0.0"] = await RevisionAsync(client);
            var watch = Stopwatch.StartNew();
            await client.InstallSkillAsync("/2.0.0.zip", Cancellation);
            took = watch.Elapsed;
            revisions["2.0.0"] = await RevisionAsync(client);
        }

        var current = "2.0.0";
        for (var round = 0; round < Rounds; round++)
        {
            var next = current == "1.0.0" ? "2.0.0" : "1.0.0";
            bool answered;
            using (var client = server.CreateAdminClient())
            {
                var installing = TryInstallAsync(client, $"/{next}.zip");
                await Pause.ForAsync(took * random.NextDouble());
                server.Kill();
                answered = await installing;
            }

            await server.RestartAsync(Cancellation);
            using var again = server.CreateAdminClient();
            var skill = await again.SkillAsync("whole", Cancellation);
            var version = skill.GetProperty("version").GetString()!;
            var executed = await again.ExecuteAsync("whole", "check", Cancellation);

            var told = $"Seed {seed}, round {round}, {current} to {next}, answered: {answered}: {skill} {executed}";
            Assert.True(version == next || (version == current && !answered), told);
            Assert.True(skill.GetProperty("revision").GetString() == revisions[version], told);
            Assert.True(executed.GetProperty("status").GetString() == "succeeded", told);
            var result = executed.GetProperty("result");
            Assert.True(result.GetProperty("letters").GetString() == (version == "1.0.0" ? "a" : "b"), told);
            Assert.True(result.GetProperty("bytes").GetInt32() == Parts * PartBytes, told);
            current = version;
        }
    }

    [Fact]
    public async Task An_action_of_a_conversation_that_a_kill_has_cut_is_not_run_again_and_the_model_is_told()
    {
        await using var model = await ModelServerProcess.StartAsync(Cancellation);
        await using var server = await ServerProcess.StartAsync(
            new ServerSettings
            {
                Environment = new Dictionary<string, string>
                {
                    ["OPENAI_API_KEY"] = "key",
                    ["OPENAI_BASE_URL"] = model.OpenAIBaseUrl,
                    ["OpenClaw__DefaultModel"] = "gpt-4o",
                    ["OpenClaw__Limits__FilesPerMinute"] = "100000",
                },
            },
            Cancellation);
        string id;
        using (var client = server.CreateAdminClient())
        {
            await client.WriteAsync("/slow/SKILL.md", SkillCalls.Manifest("slow", "1.0.0"), Cancellation);
            await client.WriteAsync("/slow/actions.json", SkillCalls.BashAction("work", "echo ran >>/workspace/ran.txt; sleep 120"), Cancellation);
            await client.InstallSkillAsync("/slow", Cancellation);
            id = await client.CreateSessionAsync(Cancellation);
            await using var stream = await client.StreamMessageAsync(id, "#tool=skill_slow_work {}", Cancellation);
            await stream.ReadUntilAsync(frame => frame.Type == "tool" && frame.Text("status") == "started", Cancellation);
            await WaitForFileAsync(client, "/ran.txt", "ran\n");
            server.Kill();
        }

        await server.RestartAsync(Cancellation);
        using var again = server.CreateAdminClient();
        var frames = await again.ReplayAsync(id, 1, Cancellation);

        Assert.Equal("done", frames[^1].Type);
        Assert.Contains(frames, frame => frame.IsStatus("recovering"));
        Assert.Equal("ran\n", (await again.GetAsync("/api/files/read?path=/ran.txt", Cancellation)).Text("content"));
        var asked = await model.RequestsAsync();
        Assert.DoesNotContain("interrupted", asked[0].Body, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("interrupted", asked[^1].Body, StringComparison.OrdinalIgnoreCase);
        var runs = SessionCalls.Require(await again.GetAsync("/api/skills/slow/runs", Cancellation), 200).Json.GetProperty("runs");
        var run = Assert.Single(runs.EnumerateArray());
        Assert.True(run.GetProperty("status").GetString() is "running" or "unknown", run.ToString());
        Assert.Equal(("work", id), (run.GetProperty("action").GetString(), run.GetProperty("sessionId").GetString()));
    }

    /// <summary>A skill of 2 MB in as many parts, each of one letter alone, whose action tells which letters there are.</summary>
    private static string Zip(string version, char letter)
    {
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add("SKILL.md", SkillCalls.Manifest("whole", version));
            Add("actions.json", SkillCalls.BashAction(
                "check", "printf '{\"letters\":\"%s\",\"bytes\":%d}' \"$(cat parts/* | tr -s ab)\" \"$(cat parts/* | wc -c)\""));
            for (var part = 0; part < Parts; part++) Add($"parts/{part}", new string(letter, PartBytes));

            void Add(string path, string content)
            {
                using var writer = new StreamWriter(archive.CreateEntry(path, CompressionLevel.NoCompression).Open());
                writer.Write(content);
            }
        }

        return Convert.ToBase64String(buffer.ToArray());
    }

    private static async Task<string> RevisionAsync(ApiClient client) =>
        (await client.SkillAsync("whole", Cancellation)).GetProperty("revision").GetString()!;

    /// <summary>False when the server died before it answered.</summary>
    private static async Task<bool> TryInstallAsync(ApiClient client, string path)
    {
        try
        {
            await client.InstallSkillAsync(path, Cancellation);
            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private static async Task WaitForFileAsync(ApiClient client, string path, string content)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var read = await client.GetAsync($"/api/files/read?path={path}", Cancellation);
            if (read.Status == 200 && read.Text("content") == content) return;
            Assert.True(waited.Elapsed < Patience, read.ToString());
        }
    }
}
