using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Commands;
using OpenClaw.Silo.Processes;
using OpenClaw.Storage;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Silo.Commands;

/// <summary>
/// Commands in bubblewrap: a read-only system, the tenant's workspace at <c>/workspace</c> (and each of its first entries at its own
/// path), a private /tmp, no network, no other process, no capability, a system call filter. Where the server is root, a command
/// runs under a user of its tenant.
/// </summary>
internal sealed partial class BubblewrapSandbox(
    WorkspaceStore workspaces, StorageOptions storage, IOptions<CommandOptions> options, TimeProvider time, ILogger<BubblewrapSandbox> logger)
    : ISandbox, IDisposable
{
    private const int Users = 8000;
    private const int MaxLinks = 200;
    private const int TemporaryBytes = 256 * 1024 * 1024;
    private const int SharedBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Joins the groups, takes on the limits (open files, size of a file in blocks of 512 bytes, processor time in seconds), and
    /// becomes bubblewrap.
    /// </summary>
    private const string Launcher =
        """
        n=$1; shift
        while [ "$n" -gt 0 ]; do echo $$ >"$1" || exit 125; shift; n=$((n-1)); done
        echo 1000 >/proc/self/oom_score_adj
        ulimit -c 0 && ulimit -n "$1" && ulimit -f "$2" && ulimit -t "$3" || exit 125
        exec 9<"$4"; shift 4
        exec "$@"
        """;

    private const int BlockBytes = 512;

    /// <summary>
    /// What runs first inside, as the tenant's user: says that everything is set up, so that killing bubblewrap kills all, and
    /// waits for the word; without one (the server died in between) nothing is run. The word is how many variables follow, two
    /// lines each. Then it goes where the command begins, which no path of the tenant's may do before: bubblewrap still holds
    /// handles of the machine's.
    /// </summary>
    /// <remarks>
    /// The first process inside is bubblewrap's own. It starts this one, then asks to die with bubblewrap outside, then sleeps:
    /// killed before it has asked, bubblewrap would leave all of it running.
    /// </remarks>
    private const string Gate =
        """
        while :; do
          IFS= read -r _left </proc/1/stat || exit 125
          case $_left in *') S '*) break ;; esac
        done
        printf R
        IFS= read -r _left || exit 125
        while [ "$_left" -gt 0 ]; do
          IFS= read -r _name && IFS= read -r _value || exit 125
          _value=$(printf '%bx' "$_value") && export "$_name=${_value%x}" || exit 125
          _left=$((_left-1))
        done
        unset _left _name _value
        [ "$1" = input ] || exec </dev/null
        cd -P -- "$2" || exit 125
        PWD=$2; shift 2
        exec "$@"
        """;

    private static readonly TimeSpan ProbeAge = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(10);

    /// <summary>What a workspace's first entries must not hide.</summary>
    private static readonly HashSet<string> SystemNames =
        ["bin", "boot", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "media", "mnt", "opt", "proc", "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var", "workspace"];

    private readonly LauncherThread _launcher = new();
    private readonly SemaphoreSlim _probing = new(1, 1);
    private readonly string _directory = Path.Combine(Path.GetFullPath(storage.DataDirectory), "sandbox");
    private (Problem? Problem, long At)? _probe;

    public async Task<Problem?> FindProblemAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Sandbox == "off") return Problem.Forbidden(CommandReasons.Off);
        await _probing.WaitAsync(cancellationToken);
        try
        {
            // What works once is not asked again; what does not may be installed meanwhile.
            if (_probe is { } known && (known.Problem is null || time.GetElapsedTime(known.At) < ProbeAge)) return known.Problem;
            var problem = await ProbeAsync();
            _probe = (problem, time.GetTimestamp());
            return problem;
        }
        finally
        {
            _probing.Release();
        }
    }

    public async Task<ISandboxProcess> StartAsync(SandboxCommand command, CancellationToken cancellationToken)
    {
        var tree = workspaces.Open(command.Tenant);
        var user = UserOf(command.Tenant);
        return await Task.Run(
            async () =>
            {
                if (user is { } id) tree.GiveTo(id);
                List<string> links = [];
                foreach (var entry in tree.List(WorkspacePath.Root, null, MaxLinks) is { IsSuccess: true } listed ? listed.Value.Entries : [])
                {
                    var name = entry.Path[1..];
                    if (!SystemNames.Contains(name)) links.AddRange(["--symlink", "/workspace/" + name, entry.Path]);
                }

                return await LaunchAsync(command, tree.FilesDirectory, links, user);
            },
            cancellationToken);
    }

    public void Dispose()
    {
        _launcher.Dispose();
        _probing.Dispose();
    }

    /// <summary>The same tenant has the same user everywhere; null where the server is not root and has but its own.</summary>
    private uint? UserOf(TenantId tenant) => Environment.IsPrivilegedProcess
        ? (uint)options.Value.FirstUserId + (BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(tenant.Value))) % Users)
        : null;

    /// <summary>Runs nothing, in all that a command would run in.</summary>
    private async Task<Problem?> ProbeAsync()
    {
        foreach (var program in new[] { "bwrap", "setpriv", "prlimit" })
        {
            if (!IsInstalled(program)) return Unavailable($"{program} is not installed", $"未安装 {program}");
        }

        ControlGroup.Sweep();
        Inheritance.Stop();
        try
        {
            var files = Directory.CreateDirectory(Path.Combine(_directory, "empty")).FullName;
            await using var process = await LaunchAsync(
                new SandboxCommand(TenantId.Default, ["/bin/true"], "/", TimeSpan.FromSeconds(10)), files, [], UserOf(TenantId.Default));
            using var limit = new CancellationTokenSource(ProbeTime);
            await using var killed = limit.Token.Register(process.Kill);
            var errors = await new StreamReader(process.Errors).ReadToEndAsync(limit.Token);
            if (await process.Exited == 0)
            {
                if (!process.HasGroup) LogNoGroup();
                return null;
            }

            LogUnusable(errors.Trim());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            LogUnusable(failure.Message);
        }

        return Unavailable("its sandbox cannot be set up; the log says why", "无法建立沙箱,原因见日志");
    }

    private async Task<SandboxProcess> LaunchAsync(SandboxCommand command, string files, IReadOnlyList<string> links, uint? user)
    {
        var limits = options.Value;
        var group = ControlGroup.TryCreate((long)limits.MemoryMiB << 20, limits.MaxProcesses, limits.MaxCores);
        try
        {
            var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            string[] doors = [.. group?.Doors ?? []];
            Add(start, "-c", Launcher, "sandbox", Text(doors.Length));
            Add(start, doors);
            Add(start, Text(limits.MaxOpenFiles), Text(command.MayWrite ? ((long)limits.MaxFileMiB << 20) / BlockBytes : 0), Text((long)Math.Ceiling(command.Time.TotalSeconds) + 1));
            Add(start, FilterFile(group is not null));
            Add(start, [.. BubblewrapArguments(command, files, links, user), "--"]);
            if (user is { } id)
                Add(start, "/usr/bin/setpriv", "--reuid", Text(id), "--regid", Text(id), "--clear-groups", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all");
            // Without a group, memory is bounded for each process and watched for all of them, and processes for all commands of the tenant.
            if (group is null) Add(start, "/usr/bin/prlimit", $"--as={Text((long)limits.MemoryMiB << 20)}", $"--nproc={limits.MaxProcesses}", "--");
            Add(start, "/bin/sh", "-c", Gate, "gate", command.TakesInput ? "input" : "none", DirectoryIn(command, links));
            Add(start, [.. command.Program]);
            var process = await _launcher.StartAsync(start);
            await OpenGateAsync(process, command);
            return new SandboxProcess(process, group);
        }
        catch
        {
            group?.Dispose();
            throw;
        }
    }

    /// <summary>Lets the command begin once all is set up. Where that fails, its output ends, and its exit code says so.</summary>
    private static async Task OpenGateAsync(Process process, SandboxCommand command)
    {
        try
        {
            if (await process.StandardOutput.BaseStream.ReadAsync(new byte[1]) == 1)
            {
                await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(WordOf(command.Environment)));
                await process.StandardInput.BaseStream.FlushAsync();
            }

            if (!command.TakesInput) process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has died between the two.
        }
    }

    private static string WordOf(IReadOnlyDictionary<string, string> environment)
    {
        var word = new StringBuilder();
        word.Append(CultureInfo.InvariantCulture, $"{environment.Count}\n");
        foreach (var (name, value) in environment)
            word.Append(name).Append('\n').Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        return word.ToString();
    }

    private List<string> BubblewrapArguments(SandboxCommand command, string files, IReadOnlyList<string> links, uint? user)
    {
        List<string> arguments =
        [
            "bwrap", "--die-with-parent", "--new-session", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
            "--hostname", "openclaw", "--clearenv",
        ];
        if (user is null) arguments.Add("--unshare-user");
        foreach (var (name, value) in new[]
                 {
                     ("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"), ("HOME", "/workspace"), ("TMPDIR", "/tmp"),
                     ("LANG", "C.UTF-8"), ("TERM", "dumb"), ("USER", "user"),
                 })
            arguments.AddRange(["--setenv", name, value]);
        arguments.AddRange(["--ro-bind", "/usr", "/usr"]);
        foreach (var name in new[] { "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32" })
        {
            if (!Directory.Exists(name)) continue;
            var target = new DirectoryInfo(name).LinkTarget;
            arguments.AddRange(target is null ? ["--ro-bind", name, name] : ["--symlink", target, name]);
        }

        // Of /etc only what programs need to run, nothing of this machine. A directory that a bind makes by itself is for root alone.
        arguments.AddRange(["--perms", "755", "--dir", "/etc", "--perms", "755", "--dir", "/etc/ssl"]);
        foreach (var name in new[] { "/etc/alternatives", "/etc/ld.so.cache", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/mime.types", "/etc/fonts" })
            arguments.AddRange(["--ro-bind-try", name, name]);
        arguments.AddRange(["--ro-bind", AccountsFile(user, "passwd"), "/etc/passwd", "--ro-bind", AccountsFile(user, "group"), "/etc/group"]);
        arguments.AddRange(["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--size", Text(SharedBytes), "--tmpfs", "/dev/shm", "--perms", "1777", "--size", Text(TemporaryBytes), "--tmpfs", "/tmp", "--dir", "/var", "--symlink", "/tmp", "/var/tmp"]);
        if (command.Mounts.Count > 0) arguments.AddRange(["--perms", "755", "--dir", "/opt", "--perms", "755", "--dir", SandboxMount.Root.TrimEnd('/')]);
        foreach (var mount in command.Mounts) arguments.AddRange(["--ro-bind", mount.Source, mount.Target]);
        arguments.AddRange(["--bind", files, "/workspace", .. links, "--remount-ro", "/", "--seccomp", "9"]);
        arguments.AddRange(["--chdir", "/"]);
        return arguments;
    }

    /// <summary>Where a command begins, by the path that its tenant knows, unless the system has one of that name.</summary>
    private static string DirectoryIn(SandboxCommand command, IReadOnlyList<string> links)
    {
        var directory = command.Directory;
        if (command.Mounts.Any(mount => mount.Target == directory)) return directory;
        var first = directory.IndexOf('/', 1) is var end and > 0 ? directory[..end] : directory;
        return links.Contains(first) ? directory : "/workspace" + directory.TrimEnd('/');
    }

    private string FilterFile(bool isMemoryBounded) => OwnFile(
        isMemoryBounded ? "filter.bpf" : "filter-memory.bpf", SystemCallFilter.Create(isMemoryBounded) ?? throw new IOException("The sandbox's filter is not known for this processor."));

    /// <summary>The two accounts that a program can look up.</summary>
    private string AccountsFile(uint? user, string kind)
    {
        var id = Text(user ?? OwnUser());
        var text = kind == "passwd"
            ? $"root:x:0:0:root:/root:/bin/bash\nuser:x:{id}:{id}:user:/workspace:/bin/bash\n"
            : $"root:x:0:\nuser:x:{id}:\n";
        return OwnFile($"{kind}-{id}", Encoding.UTF8.GetBytes(text));
    }

    private static long OwnUser() =>
        long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2], CultureInfo.InvariantCulture);

    /// <summary>A file of the sandbox's own, written once; readable for every user, as it is no secret.</summary>
    private string OwnFile(string name, byte[] content)
    {
        var path = Path.Combine(_directory, name);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content)) return path;
        Directory.CreateDirectory(_directory);
        var temporary = $"{path}.{Guid.NewGuid():n}";
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, path, overwrite: true);
        return path;
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

    private static Problem Unavailable(string english, string chinese) => Problem.Internal(503, CommandReasons.Unavailable(english, chinese));

    private static void Add(ProcessStartInfo start, params string[] arguments)
    {
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(6111, LogLevel.Warning, "No control group can be made for commands: their memory and processes are bounded one by one and watched together, and their processor time is not shared out")]
    private partial void LogNoGroup();

    [LoggerMessage(6110, LogLevel.Warning, "Commands cannot be run: {Reason}")]
    private partial void LogUnusable(string reason);
}
