using System.Globalization;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>What is wrong with a skill's folder or archive, and where.</summary>
/// <param name="File">Path in the folder, such as <c>actions.json</c>; null when no file is at fault.</param>
/// <param name="Line">From 1; null when no line is.</param>
/// <param name="Reason">What to change.</param>
internal sealed record SkillPackageError(string? File, int? Line, LocalizedText Reason)
{
    /// <summary>With file and line in front.</summary>
    public LocalizedText Told
    {
        get
        {
            var place = (File, Line) switch
            {
                (null, _) => "",
                (_, null) => File + ": ",
                _ => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}: "),
            };
            return new LocalizedText(place + Reason.English, place + Reason.Chinese);
        }
    }
}
