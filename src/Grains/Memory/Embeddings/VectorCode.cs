using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace OpenClaw.Grains.Memory.Embeddings;

/// <summary>
/// Vectors as they are kept: a byte for each number, as a share of the greatest (only their direction counts); and as a signature, a bit
/// for each number's sign, whose differences tell roughly how far two vectors are apart.
/// </summary>
internal static class VectorCode
{
    /// <summary>Numbers of a vector; models that are used have 256 to 4,096.</summary>
    public const int MaxDimensions = 8192;

    public static bool IsUsable(ReadOnlySpan<float> vector)
    {
        if (vector.Length is 0 or > MaxDimensions) return false;
        var norm = TensorPrimitives.Norm(vector);
        return float.IsFinite(norm) && norm > 0;
    }

    /// <summary>The vector's numbers as bytes.</summary>
    public static byte[] Encode(ReadOnlySpan<float> vector)
    {
        var greatest = MathF.Abs(TensorPrimitives.MaxMagnitude(vector));
        var code = new byte[vector.Length];
        for (var index = 0; index < vector.Length; index++)
            code[index] = (byte)(sbyte)MathF.Round(vector[index] / greatest * sbyte.MaxValue);
        return code;
    }

    /// <summary>The cosine of the angle between an encoded vector and one of length 1; 0 when they have not the same dimensions.</summary>
    public static double Cosine(ReadOnlySpan<byte> code, ReadOnlySpan<float> unit)
    {
        if (code.Length != unit.Length) return 0;
        var numbers = MemoryMarshal.Cast<byte, sbyte>(code);
        var (product, length) = (0f, 0f);
        for (var index = 0; index < unit.Length; index++)
        {
            product += numbers[index] * unit[index];
            length += numbers[index] * numbers[index];
        }

        return length == 0 ? 0 : product / MathF.Sqrt(length);
    }

    public static float[] Unit(ReadOnlySpan<float> vector)
    {
        var unit = new float[vector.Length];
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), unit);
        return unit;
    }

    /// <summary>One bit a number, in whole 64 bits.</summary>
    public static byte[] Signature(ReadOnlySpan<float> vector)
    {
        var words = new ulong[(vector.Length + 63) / 64];
        for (var index = 0; index < vector.Length; index++)
        {
            if (vector[index] > 0) words[index / 64] |= 1UL << (index % 64);
        }

        return MemoryMarshal.AsBytes(words.AsSpan()).ToArray();
    }

    /// <summary>Bits by which two signatures differ; the most there can be when they have not the same length.</summary>
    public static int Distance(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length) return int.MaxValue;
        var a = MemoryMarshal.Cast<byte, ulong>(left);
        var b = MemoryMarshal.Cast<byte, ulong>(right);
        var distance = 0;
        for (var index = 0; index < a.Length; index++) distance += BitOperations.PopCount(a[index] ^ b[index]);
        return distance;
    }
}
