using CsCheck;
using OpenClaw.Grains.Memory.Embeddings;

namespace OpenClaw.Grains.Tests.Memory;

public sealed class VectorCodeTests
{
    private static float[] Random(int seed, int dimensions = 384)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, dimensions).Select(_ => (float)(random.NextDouble() - 0.5) * 7)];
    }

    [Fact]
    public void An_encoded_vector_is_nearly_itself() => Gen.Int[1, 100_000].Sample(seed =>
        Assert.InRange(VectorCode.Cosine(VectorCode.Encode(Random(seed)), VectorCode.Unit(Random(seed))), 0.999, 1.001));

    [Fact]
    public void Cosines_of_encoded_vectors_are_those_of_the_vectors() => Gen.Select(Gen.Int[1, 100_000], Gen.Int[1, 100_000]).Sample((left, right) =>
    {
        var expected = VectorCode.Unit(Random(left)).Zip(VectorCode.Unit(Random(right)), (a, b) => (double)a * b).Sum();
        Assert.InRange(VectorCode.Cosine(VectorCode.Encode(Random(left)), VectorCode.Unit(Random(right))), expected - 0.01, expected + 0.01);
    });

    [Fact]
    public void Signatures_differ_the_more_the_farther_apart_vectors_are()
    {
        var vector = Random(1);
        var near = vector.Select((number, index) => index % 10 == 0 ? -number : number).ToArray();

        Assert.Equal(0, VectorCode.Distance(VectorCode.Signature(vector), VectorCode.Signature(vector)));
        Assert.Equal(39, VectorCode.Distance(VectorCode.Signature(vector), VectorCode.Signature(near)));
        Assert.InRange(VectorCode.Distance(VectorCode.Signature(vector), VectorCode.Signature(Random(2))), 100, 284);
    }

    [Fact]
    public void Vectors_of_other_dimensions_have_nothing_to_do_with_one_another()
    {
        Assert.Equal(0, VectorCode.Cosine(VectorCode.Encode(Random(1)), VectorCode.Unit(Random(1, 100))));
        Assert.Equal(int.MaxValue, VectorCode.Distance(VectorCode.Signature(Random(1)), VectorCode.Signature(Random(1, 100))));
    }

    [Theory]
    [InlineData(new float[0])]
    [InlineData(new[] { 0f, 0f })]
    [InlineData(new[] { 1f, float.NaN })]
    [InlineData(new[] { 1f, float.PositiveInfinity })]
    public void A_vector_that_has_no_direction_is_none(float[] vector) => Assert.False(VectorCode.IsUsable(vector));
}
