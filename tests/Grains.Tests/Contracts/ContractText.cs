using System.Collections;
using System.Globalization;
using System.Text;

namespace OpenClaw.Grains.Tests.Contracts;

/// <summary>A value as text, field by field: two values are alike when their texts are.</summary>
internal static class ContractText
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(value, text, indent: 0);
        return text.ToString();
    }

    private static void Write(object? value, StringBuilder text, int indent)
    {
        switch (value)
        {
            case null:
                text.AppendLine("null");
                break;
            case DateTimeOffset at:
                text.AppendLine(at.ToString("O", CultureInfo.InvariantCulture));
                break;
            case ReadOnlyMemory<byte> bytes:
                text.AppendLine(Convert.ToHexString(bytes.Span));
                break;
            case Exception exception:
                text.Append(exception.GetType()).Append(": ").AppendLine(exception.Message);
                if (GrainContracts.IsOurs(exception.GetType())) WriteFields(exception, text, indent);
                Write(exception.InnerException, text, indent + 1);
                break;
            case string or not IEnumerable when !GrainContracts.IsOurs(value.GetType()) || value is Enum:
                text.Append(value.GetType().Name).Append(' ').AppendLine(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            case IEnumerable items:
                text.AppendLine("[");
                foreach (var item in items)
                    Write(item, text.Append(' ', (indent + 1) * 2), indent + 1);
                text.Append(' ', indent * 2).AppendLine("]");
                break;
            default:
                text.AppendLine(value.GetType().Name);
                WriteFields(value, text, indent);
                break;
        }
    }

    private static void WriteFields(object value, StringBuilder text, int indent)
    {
        foreach (var field in GrainContracts.FieldsOf(value.GetType()))
            Write(field.GetValue(value), text.Append(' ', (indent + 1) * 2).Append(field.Name).Append(": "), indent + 1);
    }
}
