namespace OpenClaw.Contract.Tests.SkillTurns;

/// <summary>The tests that share one server and its scripted model.</summary>
[CollectionDefinition(Name)]
public sealed class SkillTurnsCollection : ICollectionFixture<SkillTurnsFixture>
{
    public const string Name = "skill turns";
}
