using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using OpenClaw.Storage.Secrets;

namespace OpenClaw.Grains.Secrets;

/// <summary>The database's protection keys, as Data Protection asks for them.</summary>
internal sealed class ProtectionKeyRepository(IProtectionKeyStore store, KeyEncryptionKeys keys) : IXmlRepository
{
    private const string DecryptorType = "decryptorType";

    /// <exception cref="SecretProtectionException">
    /// One of them was encrypted with a key that is not here. Data Protection itself would pass over it, make another, and
    /// leave a database whose processes cannot read one another's secrets.
    /// </exception>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var elements = Wait(async () => await store.ListAsync(CancellationToken.None)).Select(key => XElement.Parse(key.Xml)).ToArray();
        foreach (var id in elements.Descendants(AesGcmXmlEncryptor.Element).Attributes(AesGcmXmlEncryptor.KeyId))
            _ = keys.Find(id.Value);
        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var stored = new XElement(element);
        foreach (var type in stored.DescendantsAndSelf().Attributes(DecryptorType))
        {
            if (type.Value == typeof(AesGcmXmlDecryptor).AssemblyQualifiedName)
                type.Value = AesGcmXmlDecryptor.StoredName;
        }

        var key = new ProtectionKeyState(friendlyName, stored.ToString(SaveOptions.DisableFormatting));
        Wait(async () =>
        {
            await store.AddAsync(key, CancellationToken.None);
            return true;
        });
    }

    /// <summary>Data Protection has no asynchronous calls. Off the grain's scheduler, so that nothing waits for the thread that waits here.</summary>
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
