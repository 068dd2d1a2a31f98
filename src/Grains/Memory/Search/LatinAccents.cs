using System.Collections.Frozen;
using System.Text;

namespace OpenClaw.Grains.Memory.Search;

/// <summary>Accents of Latin letters, which people leave out as they like. In other scripts a mark makes another letter.</summary>
internal static class LatinAccents
{
    /// <summary>Letters in lower case, each line the plain one first (the canonical decompositions of Latin-1 to Latin Extended Additional).</summary>
    private static readonly FrozenDictionary<char, char> Plain = new[]
    {
        "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ",
        "bḃḅḇ",
        "cçćĉċčḉ",
        "dďđḋḍḏḑḓ",
        "eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ",
        "fḟ",
        "gĝğġģǧǵḡ",
        "hĥħȟḣḥḧḩḫẖ",
        "iìíîïĩīĭįıǐȉȋḭḯỉị",
        "jĵǰ",
        "kķǩḱḳḵ",
        "lĺļľłḷḹḻḽ",
        "mḿṁṃ",
        "nñńņňǹṅṇṉṋ",
        "oòóôõöøōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ",
        "pṕṗ",
        "rŕŗřȑȓṙṛṝṟ",
        "sśŝşšșṡṣṥṧṩ",
        "tţťŧțṫṭṯṱẗ",
        "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự",
        "vṽṿ",
        "wŵẁẃẅẇẉẘ",
        "xẋẍ",
        "yýÿŷȳẏẙỳỵỷỹ",
        "zźżžẑẓẕ",
    }.SelectMany(line => line.Skip(1).Select(letter => KeyValuePair.Create(letter, line[0]))).ToFrozenDictionary();

    /// <param name="term">In lower case.</param>
    public static string Drop(string term)
    {
        var plain = new StringBuilder(term.Length);
        foreach (var letter in term)
        {
            if (letter is 'ß') plain.Append("ss");
            else if (letter is 'æ') plain.Append("ae");
            else if (letter is 'œ') plain.Append("oe");
            else if (letter is not (>= '\u0300' and <= '\u036f')) plain.Append(Plain.GetValueOrDefault(letter, letter));
        }

        return plain.ToString();
    }
}
