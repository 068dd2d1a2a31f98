using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace OpenClaw.Grains.Secrets;

/// <summary>Encrypts a protection key for the database: <c>&lt;aesGcm key="id"&gt;base64&lt;/aesGcm&gt;</c>.</summary>
internal sealed class AesGcmXmlEncryptor(KeyEncryptionKeys keys) : IXmlEncryptor
{
    public static readonly XName Element = "aesGcm";
    public static readonly XName KeyId = "key";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var text = plaintextElement.ToString(SaveOptions.DisableFormatting);
        return new EncryptedXmlInfo(
            new XElement(Element, new XAttribute(KeyId, keys.Current.Id), keys.Current.Encrypt(text)), typeof(AesGcmXmlDecryptor));
    }
}
