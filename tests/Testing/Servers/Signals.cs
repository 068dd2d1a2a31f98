using System.Runtime.InteropServices;

namespace OpenClaw.Testing.Servers;

/// <summary>The signals of POSIX that .NET's <see cref="System.Diagnostics.Process"/> does not send.</summary>
internal static class Signals
{
    public const int Interrupt = 2;

    public const int Quit = 3;

    public const int Terminate = 15;

    public const int Continue = 18;

    public const int Stop = 19;

    /// <summary>To exactly this process.</summary>
    public static void Send(int processId, int signal)
    {
        if (Kill(processId, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} to {processId}: error {Marshal.GetLastPInvokeError()}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int processId, int signal);
}
