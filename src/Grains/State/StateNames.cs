namespace OpenClaw.Grains.State;

/// <summary>
/// Names of the grains' stored states, each used by one grain type alone: the row of ADO.NET persistence is found by state
/// name and grain key, the grain's type left out, so two types with one name and one key would share a row. A name that
/// has been released stays for good.
/// </summary>
internal static class StateNames
{
    public const string Tenant = "tenant";

    public const string ApiKey = "api-key";

    public const string Login = "login";

    public const string Skill = "skill";

    public const string SkillCatalog = "skill-catalog";

    public const string Webhook = "webhook";

    public const string Task = "task";
}
