using Microsoft.Extensions.Logging;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>Wakes a session when what its turn waits for has expired: until then nothing of it need be in memory.</summary>
internal static class ApprovalReminder
{
    public const string Name = "approval";

    /// <summary>Orleans' shortest; the first tick is the one that counts.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    public static Task RegisterAsync(IGrainBase grain, TimeSpan due) => grain.RegisterOrUpdateReminder(Name, due, Period);

    /// <summary>Never throws: one that is left over finds nothing to expire when it comes due, and is removed then.</summary>
    public static async Task RemoveAsync(IGrainBase grain, ILogger logger)
    {
        try
        {
            if (await grain.GetReminder(Name) is { } reminder) await grain.UnregisterReminder(reminder);
        }
        catch (Exception failure)
        {
            logger.ReminderLeft(failure, grain.GrainContext.GrainId.ToString());
        }
    }
}
