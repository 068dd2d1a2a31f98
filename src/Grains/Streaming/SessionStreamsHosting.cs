using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Sessions;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.Streams;

namespace OpenClaw.Grains.Streaming;

/// <summary>Registers the streams that carry the frames of sessions.</summary>
public static class SessionStreamsHosting
{
    /// <summary>The streams on a silo: queues, pulling agents, and their subscriptions in memory under the provider's own name, so that passing connections never reach SQL.</summary>
    public static ISiloBuilder AddSessionStreams(this ISiloBuilder builder)
    {
        // The subscriptions are a type of Orleans', which the JSON of the other grains' state writes and cannot read: a
        // rendezvous that had moved to another silo would not come up there.
        builder.AddMemoryGrainStorage(SessionStreams.Provider, (OptionsBuilder<MemoryGrainStorageOptions> storage) =>
            storage.Configure<Serializer>(static (options, serializer) =>
                options.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer)));
        return builder.AddPersistentStreams(SessionStreams.Provider, LongPollAdapterFactory.Create, streams =>
        {
            streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly);
            streams.ConfigurePullingAgent(agent => agent.Configure(ConfigureAgent));
        });
    }

    /// <summary>The streams on a client that runs in a process without a silo.</summary>
    public static IClientBuilder AddSessionStreams(this IClientBuilder builder) =>
        builder.AddPersistentStreams(
            SessionStreams.Provider,
            LongPollAdapterFactory.Create,
            streams => streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedOnly));

    private static void ConfigureAgent(StreamPullingAgentOptions options)
    {
        // The receiver waits by itself, so the timer runs only after it came back empty or a stream's subscribers were
        // asked for; what follows a cold stream's first batch waits one period.
        options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(2);

        // What has gathered for a consumer goes out in one call.
        options.BatchContainerBatchSize = 32;

        // A batch that a consumer does not take soon is a gap, which its reader repairs.
        options.MaxEventDeliveryTime = TimeSpan.FromSeconds(2);

        // An agent asks for a quiet stream's subscribers anew, so it finds those whose registration it missed.
        options.StreamInactivityPeriod = TimeSpan.FromSeconds(30);
    }
}
