using ModelContextProtocol.Client;
using OpenClaw.Grains.Commands;
using OpenClaw.Grains.Egress;

namespace OpenClaw.Grains.Skills.Running;

/// <summary>A server that has begun; it ends with this.</summary>
internal sealed class McpConnection(McpClient client, TenantProgram? program) : IAsyncDisposable
{
    public McpClient Client => client;

    /// <summary>The program's end, or never for a server at an address.</summary>
    public Task Ended { get; } = program?.Running.Ended ?? new TaskCompletionSource().Task;

    /// <summary>What went wrong, in words: what the program said of it, where it said something.</summary>
    public Task<string> TellAsync(Exception failure) => TellAsync(program, failure);

    public static async Task<string> TellAsync(TenantProgram? program, Exception failure)
    {
        if (program is not null)
        {
            var read = await program.Running.ReadAsync(0, TimeSpan.FromMilliseconds(200));
            var said = SkillReasons.EndOf(string.Concat(read.Pieces.Where(piece => piece.IsError).Select(piece => piece.Text)));
            var ended = read.Exit is { Killed: null, TimedOut: false } exit ? $"it ended with exit code {exit.ExitCode}" : "it did not speak the protocol";
            return said.Length > 0 ? $"{ended}: {said}" : ended;
        }

        return EgressHttp.CauseOf(failure) is { } egress ? $"its address {egress.Reason.English}"
            : failure is HttpRequestException { StatusCode: { } status } ? $"it answered {(int)status}"
            : failure is ModelContextProtocol.McpException ? "it answered with an error of the protocol"
            : "it did not answer";
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await client.DisposeAsync();
        }
        catch (Exception)
        {
            // It is gone already, or has never been one.
        }
        finally
        {
            program?.Running.Kill(CommandKills.Cancelled);
        }
    }
}
