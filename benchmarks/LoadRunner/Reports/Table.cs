using System.Globalization;

namespace OpenClaw.Benchmarks.LoadRunner.Reports;

/// <summary>A table in Markdown, columns aligned.</summary>
internal sealed class Table(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print()
    {
        var widths = columns.Select((column, i) => _rows.Select(row => row[i].Length).Append(column.Length).Max()).ToArray();
        Line(columns);
        Console.WriteLine("|" + string.Concat(widths.Select(width => new string('-', width + 2) + "|")));
        foreach (var row in _rows)
            Line(row);
        Console.WriteLine();

        void Line(string[] cells) =>
            Console.WriteLine("|" + string.Concat(cells.Select((cell, i) => " " + (i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i])) + " |")));
    }

    /// <summary>A number with as many digits as matter at its size; a dash for none.</summary>
    public static string Format(double value) => double.IsNaN(value) ? "-" : value.ToString(
        Math.Abs(value) switch { >= 100 => "N0", >= 10 => "N1", _ => "N2" },
        CultureInfo.InvariantCulture);

    /// <summary>Three digits after the point, for milliseconds below one.</summary>
    public static string FormatFine(double value) => double.IsNaN(value) ? "-" : value.ToString("N3", CultureInfo.InvariantCulture);

    /// <summary>The median of a few rounds.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Where(value => !double.IsNaN(value)).Order().ToArray();
        return sorted.Length switch
        {
            0 => double.NaN,
            var n when n % 2 == 1 => sorted[n / 2],
            var n => (sorted[(n / 2) - 1] + sorted[n / 2]) / 2,
        };
    }
}
