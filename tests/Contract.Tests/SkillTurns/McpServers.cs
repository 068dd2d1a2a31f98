using System.IO.Compression;
using System.Text.Json;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.SkillTurns;

/// <summary>Model Context Protocol servers that are packed as skills: one of others, and one that misbehaves.</summary>
internal static class McpServers
{
    public const string EverythingActions =
        """
        {"actions":[{"runner":{"type":"mcp",
          "command":["node","{baseDir}/node_modules/@modelcontextprotocol/server-everything/dist/index.js","stdio"]}}]}
        """;

    /// <summary>Those of <see cref="FickleScript"/>; what never answers has less time.</summary>
    public const string FickleActions =
        """
        {"actions":[
          {"timeoutSeconds":3,"runner":{"type":"mcp","command":["node","{baseDir}/server.js"],"tools":["hang"]}},
          {"timeoutSeconds":60,"runner":{"type":"mcp","command":["node","{baseDir}/server.js"],"tools":["say","die","flood"]}}]}
        """;

    /// <summary>Tools that answer, die, flood a line that never ends, and never answer.</summary>
    public const string FickleScript =
        """
        const lines = require('node:readline').createInterface({ input: process.stdin });
        const send = message => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
        lines.on('line', line => {
          const { id, method, params } = JSON.parse(line);
          if (id === undefined) return;
          if (method === 'initialize') {
            send({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'fickle', version: '1' } } });
          } else if (method === 'tools/list') {
            send({ id, result: { tools: ['say', 'die', 'flood', 'hang'].map(name => ({ name, description: name, inputSchema: { type: 'object' } })) } });
          } else if (method !== 'tools/call') {
            send({ id, error: { code: -32601, message: 'Method not found' } });
          } else if (params.name === 'say') {
            send({ id, result: { content: [{ type: 'text', text: 'said' }] } });
          } else if (params.name === 'die') {
            process.stderr.write('the tool has run out of paper\n');
            process.exit(3);
          } else if (params.name === 'flood') {
            const piece = 'x'.repeat(1 << 16);
            const more = () => process.stdout.write(piece, more);
            more();
          }
        });
        """;

    /// <summary>A zip with the files and <c>@modelcontextprotocol/server-everything</c> with what it depends on, as far as it is run.</summary>
    public static byte[] PackEverything(params (string Path, string Content)[] files)
    {
        var root = Path.GetDirectoryName(NpmClients.Modules)!;
        var packages = new SortedSet<string>(StringComparer.Ordinal);
        Collect(root, "@modelcontextprotocol/server-everything", packages);
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                using var writer = new StreamWriter(archive.CreateEntry(path).Open());
                writer.Write(content);
            }

            foreach (var package in packages)
            {
                foreach (var file in Directory.EnumerateFiles(package, "*", SearchOption.AllDirectories).Where(file => IsRun(package, file)))
                    archive.CreateEntryFromFile(file, Path.GetRelativePath(root, file).Replace('\\', '/'), CompressionLevel.Fastest);
            }
        }

        return buffer.ToArray();
    }

    /// <summary>Types, maps and tests of packages are not run; packages inside are packages of their own.</summary>
    private static bool IsRun(string package, string file)
    {
        var path = Path.GetRelativePath(package, file).Replace('\\', '/');
        return !path.Contains("node_modules/", StringComparison.Ordinal)
            && (Path.GetExtension(path) is ".js" or ".cjs" or ".mjs" or ".json" || path.StartsWith("dist/docs/", StringComparison.Ordinal));
    }

    /// <summary>Finds a package as Node.js does, from a folder upwards, and what it depends on.</summary>
    private static void Collect(string from, string name, SortedSet<string> found)
    {
        for (var folder = from; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var package = Path.Combine(folder, "node_modules", name);
            var manifest = Path.Combine(package, "package.json");
            if (!File.Exists(manifest)) continue;
            if (!found.Add(package)) return;
            if (!JsonElement.Parse(File.ReadAllBytes(manifest)).TryGetProperty("dependencies", out var dependencies)) return;
            foreach (var dependency in dependencies.EnumerateObject()) Collect(package, dependency.Name, found);
            return;
        }

        throw new DirectoryNotFoundException($"{name} is not in tests/npm/node_modules: run `npm install --prefix tests/npm --no-package-lock`, as test.sh does.");
    }
}
