using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.Grains.Secrets;

/// <summary>Decrypts what <see cref="AesGcmXmlEncryptor"/> wrote.</summary>
/// <remarks>Its name is stored beside each key, see <see cref="StoredName"/>: it stays what it is for good.</remarks>
internal sealed class AesGcmXmlDecryptor : IXmlDecryptor
{
    /// <summary>Without the assembly's version: a silo of the version before reads keys that this one has written.</summary>
    public const string StoredName = "OpenClaw.Grains.Secrets.AesGcmXmlDecryptor, OpenClaw.Grains";

    private readonly KeyEncryptionKeys _keys;

    /// <summary>Called by Data Protection, by the name in the stored key.</summary>
    public AesGcmXmlDecryptor(IServiceProvider services) => _keys = services.GetRequiredService<KeyEncryptionKeys>();

    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(_keys.Find((string)encryptedElement.Attribute(AesGcmXmlEncryptor.KeyId)!).Decrypt(encryptedElement.Value));
}
