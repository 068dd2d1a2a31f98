using OpenClaw.Grains.Abstractions.Events;

namespace OpenClaw.WebFrontend.Events;

/// <summary>An event, or a piece of an answer; one of both is set.</summary>
internal readonly record struct TenantFeedItem(TenantEvent? Event, TenantDelta? Delta);
