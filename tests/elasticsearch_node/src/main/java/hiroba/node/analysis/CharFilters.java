package hiroba.node.analysis;

import java.io.Reader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.pattern.PatternReplaceCharFilter;
import org.elasticsearch.common.regex.Regex;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** Character filters under their official names. */
final class CharFilters {
    private static final Pattern RULE = Pattern.compile("(.*)\\s*=>\\s*(.*)\\s*$");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9A-Fa-f]{4}|.)");

    private CharFilters() {}

    static Map<String, AnalysisProvider<CharFilterFactory>> all() {
        return Map.of(
            "html_strip", Component.charFilter(given -> {
                Set<String> kept = Set.copyOf(given.settings().getAsList("escaped_tags"));
                return reader -> new HTMLStripCharFilter(reader, kept);
            }),
            "mapping", Component.requiring(Component.normalizingCharFilter(CharFilters::mapping)),
            "pattern_replace", Component.requiring(Component.normalizingCharFilter(CharFilters::patternReplace))
        );
    }

    private static UnaryOperator<Reader> mapping(Component.Given given) {
        List<String> rules = given.lines("mappings");
        if (rules == null) {
            throw new IllegalArgumentException("mapping requires either `mappings` or `mappings_path` to be configured");
        }
        NormalizeCharMap.Builder builder = new NormalizeCharMap.Builder();
        for (String rule : rules) {
            Matcher matcher = RULE.matcher(rule);
            if (matcher.find() == false) {
                throw new IllegalArgumentException("Invalid Mapping Rule : [" + rule + "]");
            }
            builder.add(unescaped(matcher.group(1).trim()), unescaped(matcher.group(2).trim()));
        }
        NormalizeCharMap map = builder.build();
        return reader -> new MappingCharFilter(map, reader);
    }

    private static String unescaped(String text) {
        return ESCAPE.matcher(text).replaceAll(match -> {
            String code = match.group(1);
            String meant = switch (code) {
                case "n" -> "\n";
                case "t" -> "\t";
                case "r" -> "\r";
                case "b" -> "\b";
                case "f" -> "\f";
                default -> code.length() == 5 ? String.valueOf((char) Integer.parseInt(code.substring(1), 16)) : code;
            };
            return Matcher.quoteReplacement(meant);
        });
    }

    private static UnaryOperator<Reader> patternReplace(Component.Given given) {
        Settings settings = given.settings();
        if (settings.hasValue("pattern") == false) {
            throw new IllegalArgumentException("pattern is missing for char filter of type 'pattern_replace'");
        }
        Pattern pattern = Regex.compile(settings.get("pattern"), settings.get("flags"));
        String replacement = settings.get("replacement", "");
        return reader -> new PatternReplaceCharFilter(pattern, replacement, reader);
    }
}
