using OpenClaw.Grains.Models;

namespace OpenClaw.Grains.Tests.Cluster;

/// <summary>A gateway that serves every model under one name and answers nothing.</summary>
internal sealed class FixedModels : IModelGateway
{
    public const string ServedBy = "served-by";

    public ModelRoute Route(string? requested) => new() { Model = requested ?? ServedBy, ServedBy = ServedBy };

    public IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This gateway only routes.");
}
