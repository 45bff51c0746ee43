package hiroba.node.analysis;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.classic.ClassicTokenizer;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.core.LetterTokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.email.UAX29URLEmailTokenizer;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenizer;
import org.apache.lucene.analysis.ngram.NGramTokenizer;
import org.apache.lucene.analysis.path.PathHierarchyTokenizer;
import org.apache.lucene.analysis.path.ReversePathHierarchyTokenizer;
import org.apache.lucene.analysis.pattern.PatternTokenizer;
import org.apache.lucene.analysis.th.ThaiTokenizer;
import org.elasticsearch.common.regex.Regex;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** Tokenizers under their official names. */
final class Tokenizers {
    private static final int MAX_TOKEN_LENGTH = 255;

    private Tokenizers() {}

    static Map<String, AnalysisProvider<TokenizerFactory>> all() {
        return Map.ofEntries(
            entry("classic", Component.tokenizer(given -> ClassicTokenizer::new)),
            entry("edge_ngram", Component.tokenizer(given -> ngram(given, true))),
            entry("keyword", Component.tokenizer(given -> {
                int buffer = given.settings().getAsInt("buffer_size", KeywordTokenizer.DEFAULT_BUFFER_SIZE);
                return () -> new KeywordTokenizer(buffer);
            })),
            entry("letter", Component.tokenizer(given -> LetterTokenizer::new)),
            entry("ngram", Component.tokenizer(given -> ngram(given, false))),
            entry("path_hierarchy", Component.tokenizer(given -> pathHierarchy(given.settings()))),
            entry("pattern", Component.tokenizer(given -> {
                Settings settings = given.settings();
                Pattern pattern = Regex.compile(settings.get("pattern", "\\W+"), settings.get("flags"));
                int group = settings.getAsInt("group", -1);
                return () -> new PatternTokenizer(pattern, group);
            })),
            entry("thai", Component.tokenizer(given -> ThaiTokenizer::new)),
            entry("uax_url_email", Component.tokenizer(given -> {
                int longest = given.settings().getAsInt("max_token_length", MAX_TOKEN_LENGTH);
                return () -> {
                    UAX29URLEmailTokenizer tokenizer = new UAX29URLEmailTokenizer();
                    tokenizer.setMaxTokenLength(longest);
                    return tokenizer;
                };
            })),
            entry("whitespace", Component.tokenizer(given -> {
                int longest = given.settings().getAsInt("max_token_length", MAX_TOKEN_LENGTH);
                return () -> new WhitespaceTokenizer(Tokenizer.DEFAULT_TOKEN_ATTRIBUTE_FACTORY, longest);
            }))
        );
    }

    private static Supplier<Tokenizer> pathHierarchy(Settings settings) {
        char delimiter = settings.get("delimiter", "/").charAt(0);
        char replacement = settings.get("replacement", String.valueOf(delimiter)).charAt(0);
        int skip = settings.getAsInt("skip", 0);
        return settings.getAsBoolean("reverse", false)
            ? () -> new ReversePathHierarchyTokenizer(delimiter, replacement, skip)
            : () -> new PathHierarchyTokenizer(delimiter, replacement, skip);
    }

    private static Supplier<Tokenizer> ngram(Component.Given given, boolean edge) {
        Settings settings = given.settings();
        int min = settings.getAsInt("min_gram", NGramTokenizer.DEFAULT_MIN_NGRAM_SIZE);
        int max = settings.getAsInt("max_gram", NGramTokenizer.DEFAULT_MAX_NGRAM_SIZE);
        if (edge == false) {
            TokenFilters.checkGramDifference(given.index(), min, max);
        }
        List<String> classes = settings.getAsList("token_chars");
        String custom = settings.get("custom_token_chars", "");
        classes.forEach(Tokenizers::checkClass);
        return edge ? () -> new EdgeNGramTokenizer(min, max) {
            @Override
            protected boolean isTokenChar(int character) {
                return belongs(character, classes, custom);
            }
        } : () -> new NGramTokenizer(min, max) {
            @Override
            protected boolean isTokenChar(int character) {
                return belongs(character, classes, custom);
            }
        };
    }

    private static void checkClass(String name) {
        if (List.of("letter", "digit", "whitespace", "punctuation", "symbol", "custom").contains(name) == false) {
            throw new IllegalArgumentException("Unknown token type: '" + name + "'");
        }
    }

    private static boolean belongs(int character, List<String> classes, String custom) {
        if (classes.isEmpty()) {
            return true;
        }
        for (String name : classes) {
            boolean found = switch (name) {
                case "letter" -> Character.isLetter(character);
                case "digit" -> Character.isDigit(character);
                case "whitespace" -> Character.isWhitespace(character);
                case "punctuation" -> isPunctuation(character);
                case "symbol" -> isSymbol(character);
                default -> custom.indexOf(character) >= 0;
            };
            if (found) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPunctuation(int character) {
        return switch (Character.getType(character)) {
            case Character.START_PUNCTUATION, Character.END_PUNCTUATION, Character.OTHER_PUNCTUATION,
                Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION,
                Character.FINAL_QUOTE_PUNCTUATION -> true;
            default -> false;
        };
    }

    private static boolean isSymbol(int character) {
        return switch (Character.getType(character)) {
            case Character.CURRENCY_SYMBOL, Character.MATH_SYMBOL, Character.OTHER_SYMBOL, Character.MODIFIER_SYMBOL -> true;
            default -> false;
        };
    }
}
