namespace OpenClaw.Grains.Skills;

/// <summary>What the removal of a tenant asks of its catalog. Key: that of <see cref="Abstractions.Skills.ISkillCatalogGrain"/>.</summary>
[Alias("OpenClaw.ISkillCatalogRecord")]
internal interface ISkillCatalogRecord : IGrainWithStringKey
{
    /// <summary>Removes the catalog's state.</summary>
    [Alias("Forget")]
    Task Forget();
}
