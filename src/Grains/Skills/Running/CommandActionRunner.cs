using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Commands;
using OpenClaw.Grains.Skills.Installation;
using OpenClaw.Grains.Skills.Packages;

namespace OpenClaw.Grains.Skills.Running;

/// <summary>Actions that are programs in the sandbox.</summary>
internal sealed class CommandActionRunner(TenantPrograms programs, TimeProvider time) : ISkillActionRunner
{
    /// <summary>A character that was cut at the end may be left out.</summary>
    private const int MaxCharacterBytes = 4;

    private const string BaseDirectory = "{baseDir}";

    public bool Takes(SkillRunner runner) => runner is CommandRunner;

    public IEnumerable<string> SecretsOf(SkillPackage package, SkillRunner runner) => package.Manifest.RequiredSecrets;

    public Task<Problem?> FindProblemAsync(SkillRunner runner, CancellationToken cancellationToken) => programs.FindProblemAsync(cancellationToken);

    public async Task<SkillOutcome> RunAsync(SkillExecution execution, CancellationToken cancellationToken)
    {
        var runner = (CommandRunner)execution.Action.Runner;
        var reader = new CommandReader(time, background: true);
        var command = Sandboxed(execution, runner.Arguments) with { TakesInput = true };
        var (program, refused) = await programs.StartAsync(execution.RunId, command, reader, background: false, takesOutput: false, cancellationToken);
        if (program is null) return SkillOutcome.Failure(refused!.Reason ?? Reasons.Unexpected);
        await using var killed = cancellationToken.Register(() => program.Running.Kill(CommandKills.Cancelled));
        // Not awaited before the output is read: a program need not read its parameters before it writes.
        var written = WriteParametersAsync(program.Process.Input, execution.Parameters);
        var exit = await program.Running.Ended;
        await written;
        cancellationToken.ThrowIfCancellationRequested();
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        foreach (var piece in (await program.Running.ReadAsync(0, TimeSpan.Zero)).Pieces) (piece.IsError ? errors : output).Append(piece.Text);
        if (exit.TimedOut) return SkillOutcome.TimedOut(execution.Action.Timeout);
        if (exit.Killed is { } reason) return SkillOutcome.Failure(Killed(reason));
        if (exit.ExitCode != 0) return SkillOutcome.Failure(Exited(exit.ExitCode, errors.ToString()));
        // Both streams may be cut; only that of the result makes it none.
        return exit.Truncated && Encoding.UTF8.GetByteCount(output.ToString()) >= CommandOutput.MaxBytes - MaxCharacterBytes
            ? SkillOutcome.Failure(SkillOutcome.TooLarge)
            : ResultOf(output.ToString());
    }

    /// <summary>A program in the sandbox with the skill's folder and secrets.</summary>
    public static SandboxCommand Sandboxed(SkillExecution execution, IReadOnlyList<string> arguments)
    {
        var mount = TenantSkills.MountOf(execution.Package.Manifest.Name, execution.Package.Directory);
        string[] program = [.. arguments.Select(argument => argument.Replace(BaseDirectory, mount.Target, StringComparison.Ordinal))];
        return new SandboxCommand(execution.Tenant, program, mount.Target, execution.Action.Timeout) { Mounts = [mount], Environment = execution.Secrets };
    }

    private static async Task WriteParametersAsync(Stream input, JsonElement parameters)
    {
        try
        {
            await input.WriteAsync(Encoding.UTF8.GetBytes(parameters.GetRawText()));
            await input.DisposeAsync();
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // It ended without reading them, and may have been closed by now.
        }
    }

    private static SkillOutcome ResultOf(string output)
    {
        if (string.IsNullOrWhiteSpace(output)) return SkillOutcome.Success(default);
        try
        {
            var result = JsonElement.Parse(output);
            if (UnicodeCheck.IsReadable(result)) return SkillOutcome.Success(new JsonPayload(CompactJson.Write(result)));
        }
        catch (JsonException error)
        {
            return SkillOutcome.Failure(new LocalizedText(
                $"its output is not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1})",
                $"其输出不是有效的 JSON(第 {error.LineNumber + 1} 行,第 {error.BytePositionInLine + 1} 字节)"));
        }

        return SkillOutcome.Failure(new LocalizedText("its output holds half of a surrogate pair, which is no text", "其输出包含不完整的代理对,不是有效文本"));
    }

    private static LocalizedText Killed(string reason) => new($"it was ended by the server: {reason}", $"已被服务器终止:{reason}");

    private static LocalizedText Exited(int code, string errors) => SkillReasons.EndOf(errors) is { Length: > 0 } text
        ? new LocalizedText($"it ended with exit code {code}: {text}", $"退出码 {code}:{text}")
        : new LocalizedText($"it ended with exit code {code}", $"退出码 {code}");
}
