namespace OpenClaw.Grains.Abstractions;

/// <summary>
/// The method may be called again when a call got no answer: a call that arrived twice leaves what one leaves, and
/// answers alike.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RepeatableAttribute : Attribute;
