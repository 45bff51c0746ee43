package hiroba.node.analysis;

import static hiroba.node.analysis.Component.configured;
import static hiroba.node.analysis.Component.filter;
import static hiroba.node.analysis.Component.normalizing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicNormalizationFilter;
import org.apache.lucene.analysis.ar.ArabicStemFilter;
import org.apache.lucene.analysis.bn.BengaliNormalizationFilter;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.ckb.SoraniNormalizationFilter;
import org.apache.lucene.analysis.classic.ClassicFilter;
import org.apache.lucene.analysis.core.DecimalDigitFilter;
import org.apache.lucene.analysis.core.FlattenGraphFilter;
import org.apache.lucene.analysis.core.UpperCaseFilter;
import org.apache.lucene.analysis.de.GermanNormalizationFilter;
import org.apache.lucene.analysis.el.GreekLowerCaseFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.fa.PersianNormalizationFilter;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.ga.IrishLowerCaseFilter;
import org.apache.lucene.analysis.hi.HindiNormalizationFilter;
import org.apache.lucene.analysis.in.IndicNormalizationFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.KeywordRepeatFilter;
import org.apache.lucene.analysis.miscellaneous.LengthFilter;
import org.apache.lucene.analysis.miscellaneous.LimitTokenCountFilter;
import org.apache.lucene.analysis.miscellaneous.PatternKeywordMarkerFilter;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.miscellaneous.ScandinavianFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.ScandinavianNormalizationFilter;
import org.apache.lucene.analysis.miscellaneous.SetKeywordMarkerFilter;
import org.apache.lucene.analysis.miscellaneous.StemmerOverrideFilter;
import org.apache.lucene.analysis.miscellaneous.TrimFilter;
import org.apache.lucene.analysis.miscellaneous.TruncateTokenFilter;
import org.apache.lucene.analysis.miscellaneous.WordDelimiterGraphFilter;
import org.apache.lucene.analysis.miscellaneous.WordDelimiterIterator;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.apache.lucene.analysis.ngram.NGramTokenFilter;
import org.apache.lucene.analysis.pattern.PatternCaptureGroupTokenFilter;
import org.apache.lucene.analysis.pattern.PatternReplaceFilter;
import org.apache.lucene.analysis.reverse.ReverseStringFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.sr.SerbianNormalizationFilter;
import org.apache.lucene.analysis.tr.ApostropheFilter;
import org.apache.lucene.analysis.tr.TurkishLowerCaseFilter;
import org.apache.lucene.analysis.util.ElisionFilter;
import org.elasticsearch.common.regex.Regex;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** Token filters under their official names. */
final class TokenFilters {
    private static final int DEFAULT_MAX_GRAM = 2;
    private static final int DEFAULT_TRUNCATE = 10;
    private static final Map<String, Integer> SCRIPTS = Map.of(
        "han", CJKBigramFilter.HAN, "hiragana", CJKBigramFilter.HIRAGANA,
        "katakana", CJKBigramFilter.KATAKANA, "hangul", CJKBigramFilter.HANGUL
    );

    private TokenFilters() {}

    static Map<String, AnalysisProvider<TokenFilterFactory>> all() {
        Map<String, AnalysisProvider<TokenFilterFactory>> all = new TreeMap<>();
        addNormalizers(all);
        addStemmers(all);
        addCutters(all);
        addSelectors(all);
        all.put("synonym", Component.requiring(Synonyms.provider(false)));
        all.put("synonym_graph", Component.requiring(Synonyms.provider(true)));
        return all;
    }

    private static void addNormalizers(Map<String, AnalysisProvider<TokenFilterFactory>> all) {
        all.put("arabic_normalization", normalizing(given -> ArabicNormalizationFilter::new));
        all.put("asciifolding", AsciiFolding::new);
        all.put("bengali_normalization", normalizing(given -> BengaliNormalizationFilter::new));
        all.put("cjk_width", normalizing(given -> CJKWidthFilter::new));
        all.put("decimal_digit", normalizing(given -> DecimalDigitFilter::new));
        all.put("german_normalization", normalizing(given -> GermanNormalizationFilter::new));
        all.put("hindi_normalization", normalizing(given -> HindiNormalizationFilter::new));
        all.put("indic_normalization", normalizing(given -> IndicNormalizationFilter::new));
        all.put("lowercase", normalizing(given -> lowercase(given.settings().get("language"))));
        all.put("pattern_replace", Component.requiring(normalizing(given -> patternReplace(given.settings()))));
        all.put("persian_normalization", normalizing(given -> PersianNormalizationFilter::new));
        all.put("scandinavian_folding", normalizing(given -> ScandinavianFoldingFilter::new));
        all.put("scandinavian_normalization", normalizing(given -> ScandinavianNormalizationFilter::new));
        all.put("serbian_normalization", normalizing(given -> SerbianNormalizationFilter::new));
        all.put("sorani_normalization", normalizing(given -> SoraniNormalizationFilter::new));
        all.put("trim", normalizing(given -> TrimFilter::new));
        all.put("uppercase", normalizing(given -> UpperCaseFilter::new));
    }

    private static void addStemmers(Map<String, AnalysisProvider<TokenFilterFactory>> all) {
        all.put("arabic_stem", filter(given -> ArabicStemFilter::new));
        all.put("kstem", filter(given -> KStemFilter::new));
        all.put("porter_stem", filter(given -> PorterStemFilter::new));
        all.put("russian_stem", filter(given -> input -> new SnowballFilter(input, "Russian")));
        all.put("snowball", filter(given -> {
            String language = given.settings().get("language", given.settings().get("name", "English"));
            String stemmer = language.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + language.substring(1);
            return input -> new SnowballFilter(input, stemmer);
        }));
        all.put("stemmer", filter(given ->
            Stemmers.named(given.settings().get("language", given.settings().get("name", "porter")))));
        all.put("stemmer_override", configured(TokenFilters::stemmerOverride));
        all.put("keyword_marker", configured(TokenFilters::keywordMarker));
        all.put("keyword_repeat", filter(given -> KeywordRepeatFilter::new));
    }

    private static void addCutters(Map<String, AnalysisProvider<TokenFilterFactory>> all) {
        all.put("cjk_bigram", filter(given -> cjkBigram(given.settings())));
        all.put("edge_ngram", filter(given -> edgeNgram(given.settings())));
        all.put("flatten_graph", filter(given -> FlattenGraphFilter::new));
        all.put("ngram", filter(TokenFilters::ngram));
        all.put("pattern_capture", configured(given -> {
            boolean kept = given.settings().getAsBoolean("preserve_original", true);
            Pattern[] patterns = given.settings().getAsList("patterns").stream().map(Pattern::compile).toArray(Pattern[]::new);
            return input -> new PatternCaptureGroupTokenFilter(input, kept, patterns);
        }));
        all.put("reverse", filter(given -> ReverseStringFilter::new));
        all.put("truncate", filter(given -> {
            int length = given.settings().getAsInt("length", DEFAULT_TRUNCATE);
            return input -> new TruncateTokenFilter(input, length);
        }));
        all.put("word_delimiter_graph", filter(TokenFilters::wordDelimiterGraph));
    }

    private static void addSelectors(Map<String, AnalysisProvider<TokenFilterFactory>> all) {
        all.put("apostrophe", filter(given -> ApostropheFilter::new));
        all.put("classic", filter(given -> ClassicFilter::new));
        all.put("elision", filter(given -> {
            CharArraySet named = Analysis.parseArticles(given.environment(), given.settings());
            CharArraySet articles = named == null ? FrenchAnalyzer.DEFAULT_ARTICLES : named;
            return input -> new ElisionFilter(input, articles);
        }));
        all.put("length", filter(given -> {
            int min = given.settings().getAsInt("min", 0);
            int max = given.settings().getAsInt("max", Integer.MAX_VALUE);
            return input -> new LengthFilter(input, min, max);
        }));
        all.put("limit", filter(given -> {
            int count = given.settings().getAsInt("max_token_count", 1);
            boolean whole = given.settings().getAsBoolean("consume_all_tokens", false);
            return input -> new LimitTokenCountFilter(input, count, whole);
        }));
        all.put("remove_duplicates", filter(given -> RemoveDuplicatesTokenFilter::new));
        all.put("unique", filter(given -> given.settings().getAsBoolean("only_on_same_position", false)
            ? RemoveDuplicatesTokenFilter::new
            : UniqueTokenFilter::new));
    }

    /** Refuses n-grams whose spread is beyond the index setting {@code max_ngram_diff}. */
    static void checkGramDifference(IndexSettings index, int min, int max) {
        if (max - min > index.getMaxNgramDiff()) {
            throw new IllegalArgumentException(
                "The difference between max_gram and min_gram in NGram Tokenizer must be less than or equal to: ["
                    + index.getMaxNgramDiff() + "] but was [" + (max - min)
                    + "]. This limit can be set by changing the [index.max_ngram_diff] index level setting.");
        }
    }

    private static UnaryOperator<TokenStream> lowercase(String language) {
        if (language == null) {
            return LowerCaseFilter::new;
        }
        return switch (language) {
            case "greek" -> GreekLowerCaseFilter::new;
            case "irish" -> IrishLowerCaseFilter::new;
            case "turkish" -> TurkishLowerCaseFilter::new;
            default -> throw new IllegalArgumentException("language [" + language + "] not support for lower case");
        };
    }

    private static UnaryOperator<TokenStream> patternReplace(Settings settings) {
        String expression = settings.get("pattern");
        if (expression == null) {
            throw new IllegalArgumentException("pattern is missing for token filter of type 'pattern_replace'");
        }
        Pattern pattern = Regex.compile(expression, settings.get("flags"));
        String replacement = settings.get("replacement", "");
        boolean all = settings.getAsBoolean("all", true);
        return input -> new PatternReplaceFilter(input, pattern, replacement, all);
    }

    private static UnaryOperator<TokenStream> stemmerOverride(Component.Given given) throws java.io.IOException {
        List<String> rules = given.lines("rules");
        if (rules == null) {
            throw new IllegalArgumentException("stemmer override filter requires either `rules` or `rules_path` to be configured");
        }
        StemmerOverrideFilter.Builder builder = new StemmerOverrideFilter.Builder(false);
        for (String rule : rules) {
            String[] sides = rule.split("=>", -1);
            if (sides.length != 2 || sides[1].isBlank()) {
                throw new IllegalArgumentException("Invalid Keyword override Rule:" + rule);
            }
            for (String word : sides[0].split(",")) {
                builder.add(word.trim(), sides[1].trim());
            }
        }
        StemmerOverrideFilter.StemmerOverrideMap map = builder.build();
        return input -> new StemmerOverrideFilter(input, map);
    }

    private static UnaryOperator<TokenStream> keywordMarker(Component.Given given) {
        boolean ignoreCase = given.settings().getAsBoolean("ignore_case", false);
        String expression = given.settings().get("keywords_pattern");
        if (expression != null) {
            Pattern pattern = Pattern.compile(expression, ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
            return input -> new PatternKeywordMarkerFilter(input, pattern);
        }
        Set<?> words = given.words("keywords");
        if (words == null) {
            throw new IllegalArgumentException("keyword filter requires either `keywords`, `keywords_path`, or `keywords_pattern`");
        }
        CharArraySet keywords = new CharArraySet(words, ignoreCase);
        return input -> new SetKeywordMarkerFilter(input, keywords);
    }

    private static UnaryOperator<TokenStream> cjkBigram(Settings settings) {
        Map<String, Integer> left = new HashMap<>(SCRIPTS);
        settings.getAsList("ignored_scripts").forEach(left::remove);
        int flags = left.values().stream().reduce(0, (one, other) -> one | other);
        boolean unigrams = settings.getAsBoolean("output_unigrams", false);
        return input -> new CJKBigramFilter(input, flags, unigrams);
    }

    private static UnaryOperator<TokenStream> ngram(Component.Given given) {
        int min = given.settings().getAsInt("min_gram", 1);
        int max = given.settings().getAsInt("max_gram", DEFAULT_MAX_GRAM);
        checkGramDifference(given.index(), min, max);
        boolean kept = given.settings().getAsBoolean("preserve_original", false);
        return input -> new NGramTokenFilter(input, min, max, kept);
    }

    private static UnaryOperator<TokenStream> edgeNgram(Settings settings) {
        int min = settings.getAsInt("min_gram", 1);
        int max = settings.getAsInt("max_gram", DEFAULT_MAX_GRAM);
        boolean kept = settings.getAsBoolean("preserve_original", false);
        if (settings.get("side", "front").equals("back")) {
            return input -> new ReverseStringFilter(new EdgeNGramTokenFilter(new ReverseStringFilter(input), min, max, kept));
        }
        return input -> new EdgeNGramTokenFilter(input, min, max, kept);
    }

    private static UnaryOperator<TokenStream> wordDelimiterGraph(Component.Given given) {
        Settings settings = given.settings();
        int flags = flag(settings, "generate_word_parts", true, WordDelimiterGraphFilter.GENERATE_WORD_PARTS)
            | flag(settings, "generate_number_parts", true, WordDelimiterGraphFilter.GENERATE_NUMBER_PARTS)
            | flag(settings, "catenate_words", false, WordDelimiterGraphFilter.CATENATE_WORDS)
            | flag(settings, "catenate_numbers", false, WordDelimiterGraphFilter.CATENATE_NUMBERS)
            | flag(settings, "catenate_all", false, WordDelimiterGraphFilter.CATENATE_ALL)
            | flag(settings, "split_on_case_change", true, WordDelimiterGraphFilter.SPLIT_ON_CASE_CHANGE)
            | flag(settings, "split_on_numerics", true, WordDelimiterGraphFilter.SPLIT_ON_NUMERICS)
            | flag(settings, "preserve_original", false, WordDelimiterGraphFilter.PRESERVE_ORIGINAL)
            | flag(settings, "stem_english_possessive", true, WordDelimiterGraphFilter.STEM_ENGLISH_POSSESSIVE)
            | flag(settings, "ignore_keywords", false, WordDelimiterGraphFilter.IGNORE_KEYWORDS);
        if (settings.getAsList("type_table").isEmpty() == false) {
            throw new IllegalArgumentException("this test node does not read [type_table]");
        }
        boolean adjusted = settings.getAsBoolean("adjust_offsets", true);
        Set<?> words = given.words("protected_words");
        CharArraySet kept = words == null ? null : CharArraySet.copy(words);
        return input -> new WordDelimiterGraphFilter(input, adjusted, WordDelimiterIterator.DEFAULT_WORD_DELIM_TABLE, flags, kept);
    }

    private static int flag(Settings settings, String name, boolean usual, int value) {
        return settings.getAsBoolean(name, usual) ? value : 0;
    }
}
