package hiroba.node.kuromoji;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.ja.JapaneseAnalyzer;
import org.apache.lucene.analysis.ja.JapaneseBaseFormFilter;
import org.apache.lucene.analysis.ja.JapaneseIterationMarkCharFilter;
import org.apache.lucene.analysis.ja.JapaneseKatakanaStemFilter;
import org.apache.lucene.analysis.ja.JapaneseNumberFilter;
import org.apache.lucene.analysis.ja.JapanesePartOfSpeechStopFilter;
import org.apache.lucene.analysis.ja.JapaneseReadingFormFilter;
import org.apache.lucene.analysis.ja.JapaneseTokenizer;
import org.apache.lucene.analysis.ja.dict.UserDictionary;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.analysis.AbstractIndexAnalyzerProvider;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingCharFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/** The parts of the official plugin {@code analysis-kuromoji}, with its documented settings and defaults. */
public final class AnalysisKuromojiPlugin extends Plugin implements AnalysisPlugin {
    private static final Map<String, Set<?>> NAMED_STOP_WORDS = Map.of("_japanese_", JapaneseAnalyzer.getDefaultStopSet());
    private static final int MINIMUM_STEM = 4;

    @Override
    public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
        return Map.of("kuromoji", (index, environment, name, settings) -> {
            CharArraySet stop = Analysis.parseStopWords(environment, settings, JapaneseAnalyzer.getDefaultStopSet());
            Analyzer analyzer = new JapaneseAnalyzer(
                dictionary(environment, settings), mode(settings), stop, JapaneseAnalyzer.getDefaultStopTags());
            return new AbstractIndexAnalyzerProvider<Analyzer>(name, settings) {
                @Override
                public Analyzer get() {
                    return analyzer;
                }
            };
        });
    }

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of("kuromoji_tokenizer", (index, environment, name, settings) -> {
            UserDictionary dictionary = dictionary(environment, settings);
            JapaneseTokenizer.Mode mode = mode(settings);
            boolean punctuation = settings.getAsBoolean("discard_punctuation", true);
            boolean compound = settings.getAsBoolean("discard_compound_token", false);
            int cost = settings.getAsInt("nbest_cost", -1);
            String examples = settings.get("nbest_examples");
            return TokenizerFactory.newFactory(name, () -> tokenizer(dictionary, mode, punctuation, compound, cost, examples));
        });
    }

    private static Tokenizer tokenizer(
        UserDictionary dictionary, JapaneseTokenizer.Mode mode, boolean punctuation, boolean compound, int cost, String examples) {
        JapaneseTokenizer tokenizer = new JapaneseTokenizer(dictionary, punctuation, compound, mode);
        int best = examples == null ? cost : Math.max(cost, tokenizer.calcNBestCost(examples));
        tokenizer.setNBestCost(best);
        return tokenizer;
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.of(
            "kuromoji_baseform", filter((environment, settings) -> JapaneseBaseFormFilter::new),
            "kuromoji_number", filter((environment, settings) -> JapaneseNumberFilter::new),
            "kuromoji_part_of_speech", filter((environment, settings) -> {
                List<String> tags = Analysis.getWordList(environment, settings, "stoptags");
                Set<String> stop = tags == null ? JapaneseAnalyzer.getDefaultStopTags() : new HashSet<>(tags);
                return input -> new JapanesePartOfSpeechStopFilter(input, stop);
            }),
            "kuromoji_readingform", filter((environment, settings) -> {
                boolean romaji = settings.getAsBoolean("use_romaji", false);
                return input -> new JapaneseReadingFormFilter(input, romaji);
            }),
            "kuromoji_stemmer", filter((environment, settings) -> {
                int minimum = settings.getAsInt("minimum_length", MINIMUM_STEM);
                return input -> new JapaneseKatakanaStemFilter(input, minimum);
            }),
            "ja_stop", filter((environment, settings) -> {
                boolean ignoreCase = settings.getAsBoolean("ignore_case", false);
                CharArraySet words = Analysis.parseWords(
                    environment, settings, "stopwords", JapaneseAnalyzer.getDefaultStopSet(), NAMED_STOP_WORDS, ignoreCase);
                return input -> new StopFilter(input, words);
            })
        );
    }

    @Override
    public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
        return Map.of("kuromoji_iteration_mark", (index, environment, name, settings) -> {
            boolean kanji = settings.getAsBoolean("normalize_kanji", JapaneseIterationMarkCharFilter.NORMALIZE_KANJI_DEFAULT);
            boolean kana = settings.getAsBoolean("normalize_kana", JapaneseIterationMarkCharFilter.NORMALIZE_KANA_DEFAULT);
            return new NormalizingCharFilterFactory() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public Reader create(Reader reader) {
                    return new JapaneseIterationMarkCharFilter(reader, kanji, kana);
                }
            };
        });
    }

    private interface Maker {
        UnaryOperator<TokenStream> make(Environment environment, Settings settings) throws IOException;
    }

    private static AnalysisProvider<TokenFilterFactory> filter(Maker maker) {
        return (index, environment, name, settings) -> {
            UnaryOperator<TokenStream> wrap = maker.make(environment, settings);
            return new TokenFilterFactory() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public TokenStream create(TokenStream input) {
                    return wrap.apply(input);
                }
            };
        };
    }

    private static JapaneseTokenizer.Mode mode(Settings settings) {
        String name = settings.get("mode", JapaneseTokenizer.DEFAULT_MODE.name());
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "search" -> JapaneseTokenizer.Mode.SEARCH;
            case "normal" -> JapaneseTokenizer.Mode.NORMAL;
            case "extended" -> JapaneseTokenizer.Mode.EXTENDED;
            default -> JapaneseTokenizer.DEFAULT_MODE;
        };
    }

    private static UserDictionary dictionary(Environment environment, Settings settings) throws IOException {
        List<String> rules = Analysis.getWordList(environment, settings, "user_dictionary_rules");
        if (rules == null || rules.isEmpty()) {
            return null;
        }
        return UserDictionary.open(new StringReader(String.join("\n", rules)));
    }
}
