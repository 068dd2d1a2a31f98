using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.State;

namespace OpenClaw.Grains.Tenants;

/// <summary>
/// The owner's copy of a generated admin key: <c>DataDirectory/admin-key</c>, readable by its owner alone. It is written
/// before the key is made, so that no crash leaves a key that nobody knows; the owner may delete it at will.
/// </summary>
internal sealed class AdminKeyFile(IOptions<BootstrapOptions> options, TimeProvider time)
{
    private const string FileName = "admin-key";

    private readonly OwnerFile _file = new(
        System.IO.Path.Combine(options.Value.DataDirectory, FileName),
        ApiKeySecret.IsGenerated,
        ApiKeySecret.Generate,
        "holds no generated API key; delete it, and a new key is generated.");

    public string Path => _file.Path;

    /// <summary>The key in the file; where there is none, a new one is generated and written.</summary>
    /// <returns>The key, and whether this call wrote it.</returns>
    /// <exception cref="InvalidOperationException">The file holds something else.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Task<(string Key, bool Written)> GetOrCreateAsync(CancellationToken cancellationToken) =>
        _file.GetOrCreateAsync(time, cancellationToken);

    public void Delete() => File.Delete(Path);
}
