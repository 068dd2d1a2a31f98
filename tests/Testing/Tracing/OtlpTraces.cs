namespace OpenClaw.Testing.Tracing;

/// <summary>Reads an <c>ExportTraceServiceRequest</c> (opentelemetry-proto, <c>trace/v1/trace.proto</c>).</summary>
internal static class OtlpTraces
{
    public static List<OtlpSpan> Parse(ReadOnlySpan<byte> request)
    {
        var spans = new List<OtlpSpan>();
        var resources = new ProtobufReader(request);
        while (resources.Read())
        {
            var scopes = new ProtobufReader(resources.Bytes);
            while (scopes.Read())
            {
                if (scopes.Field == 2)
                    ParseScope(scopes.Bytes, spans);
            }
        }

        return spans;
    }

    private static void ParseScope(ReadOnlySpan<byte> message, List<OtlpSpan> spans)
    {
        var scope = "";
        var fields = new ProtobufReader(message);
        while (fields.Read())
        {
            if (fields.Field == 1)
                scope = FirstText(fields.Bytes);
            else if (fields.Field == 2)
                spans.Add(ParseSpan(fields.Bytes, scope));
        }
    }

    private static OtlpSpan ParseSpan(ReadOnlySpan<byte> message, string scope)
    {
        string traceId = "", spanId = "", parent = "", name = "";
        var kind = 0;
        var attributes = new Dictionary<string, string>();
        var fields = new ProtobufReader(message);
        while (fields.Read())
        {
            switch (fields.Field)
            {
                case 1: traceId = fields.Hex; break;
                case 2: spanId = fields.Hex; break;
                case 4: parent = fields.Hex; break;
                case 5: name = fields.Text; break;
                case 6: kind = (int)fields.Number; break;
                case 9: AddAttribute(fields.Bytes, attributes); break;
            }
        }

        return new OtlpSpan
        {
            Scope = scope,
            TraceId = traceId,
            SpanId = spanId,
            ParentSpanId = parent,
            Name = name,
            Kind = kind,
            Attributes = attributes,
        };
    }

    private static void AddAttribute(ReadOnlySpan<byte> message, Dictionary<string, string> attributes)
    {
        var key = "";
        var fields = new ProtobufReader(message);
        while (fields.Read())
        {
            if (fields.Field == 1)
                key = fields.Text;
            else if (fields.Field == 2)
                attributes[key] = FirstText(fields.Bytes);
        }
    }

    /// <summary>The first field's text: a scope's name, a value that is a text.</summary>
    private static string FirstText(ReadOnlySpan<byte> message)
    {
        var fields = new ProtobufReader(message);
        while (fields.Read())
        {
            if (fields.Field == 1)
                return fields.Text;
        }

        return "";
    }
}
