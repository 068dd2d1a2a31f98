namespace OpenClaw.Testing.Servers;

/// <summary>Clients of others from npm, which <c>test.sh</c> installs in <c>tests/npm</c>.</summary>
public static class NpmClients
{
    public static string Modules { get; } = Find();

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var modules = Path.Combine(directory.FullName, "tests", "npm", "node_modules");
            if (Directory.Exists(modules)) return modules;
        }

        throw new DirectoryNotFoundException("tests/npm/node_modules is missing: run `npm install --prefix tests/npm --no-package-lock`, as test.sh does.");
    }
}
