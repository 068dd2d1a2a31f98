namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>A grain of another tenant was called. To the caller it does not exist: 404 <c>NOT_FOUND</c>, never 403.</summary>
[GenerateSerializer, Alias("OpenClaw.TenantMismatchException")]
public sealed class TenantMismatchException : Exception
{
    public TenantMismatchException()
        : base("The grain belongs to another tenant than the caller.")
    {
    }
}
