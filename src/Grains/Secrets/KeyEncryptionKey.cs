using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Grains.Secrets;

/// <summary>A key that encrypts keys: AES-256 in Galois/counter mode (NIST SP 800-38D), 96-bit random nonce, 128-bit tag.</summary>
internal sealed class KeyEncryptionKey
{
    private const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int IdLength = 8;

    private readonly byte[] _key;

    /// <exception cref="FormatException">The text is no key.</exception>
    public KeyEncryptionKey(string base64)
    {
        if (!IsKey(base64))
            throw new FormatException("A key is 32 bytes in base64.");
        _key = Convert.FromBase64String(base64);
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(_key, "openclaw.protection-key.id"u8).AsSpan(0, IdLength));
    }

    /// <summary>Tells one key from another without telling anything of it: 16 hexadecimal digits.</summary>
    public string Id { get; }

    public static string Generate() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength));

    public static bool IsKey(string text) => Base64.IsValid(text, out var length) && length == KeyLength;

    /// <summary>Nonce, tag and ciphertext in base64; the id is bound to them.</summary>
    public string Encrypt(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var sealedText = new byte[NonceLength + TagLength + plain.Length];
        var nonce = sealedText.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(
            nonce,
            plain,
            sealedText.AsSpan(NonceLength + TagLength),
            sealedText.AsSpan(NonceLength, TagLength),
            Encoding.UTF8.GetBytes(Id));
        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String(sealedText);
    }

    /// <exception cref="CryptographicException">It was not encrypted with this key, or has been changed.</exception>
    public string Decrypt(string base64)
    {
        if (!Base64.IsValid(base64, out var length) || length < NonceLength + TagLength)
            throw new CryptographicException("What is to be decrypted was not made by this method.");
        var sealedText = Convert.FromBase64String(base64);
        var plain = new byte[sealedText.Length - NonceLength - TagLength];
        using var aes = new AesGcm(_key, TagLength);
        aes.Decrypt(
            sealedText.AsSpan(0, NonceLength),
            sealedText.AsSpan(NonceLength + TagLength),
            sealedText.AsSpan(NonceLength, TagLength),
            plain,
            Encoding.UTF8.GetBytes(Id));
        return Encoding.UTF8.GetString(plain);
    }
}
