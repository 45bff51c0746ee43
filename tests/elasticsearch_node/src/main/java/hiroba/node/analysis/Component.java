package hiroba.node.analysis;

import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.AbstractIndexAnalyzerProvider;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingCharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** Turns functions of a component's settings into the factories that the server asks for. */
final class Component {
    private Component() {}

    /** What a component is made from: its own settings, those of its index, and where word lists lie. */
    record Given(IndexSettings index, Environment environment, Settings settings) {
        /** A list of words from {@code name} or from the file in {@code name_path}; null when neither is set. */
        Set<?> words(String name) {
            return Analysis.getWordSet(environment, settings, name);
        }

        /** A list of lines from {@code name} or from the file in {@code name_path}; null when neither is set. */
        List<String> lines(String name) {
            return Analysis.getWordList(environment, settings, name);
        }
    }

    /** Reads the settings once and gives what is done for each text. */
    interface Maker<T> {
        T make(Given given) throws IOException;
    }

    /** A token filter. */
    static AnalysisProvider<TokenFilterFactory> filter(Maker<UnaryOperator<TokenStream>> maker) {
        return (index, environment, name, settings) -> {
            UnaryOperator<TokenStream> wrap = maker.make(new Given(index, environment, settings));
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

    /** A token filter that changes single characters only, so that normalizers and prefix queries use it too. */
    static AnalysisProvider<TokenFilterFactory> normalizing(Maker<UnaryOperator<TokenStream>> maker) {
        return (index, environment, name, settings) -> {
            UnaryOperator<TokenStream> wrap = maker.make(new Given(index, environment, settings));
            return new NormalizingTokenFilterFactory() {
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

    /** A token filter that cannot be used without settings. */
    static AnalysisProvider<TokenFilterFactory> configured(Maker<UnaryOperator<TokenStream>> maker) {
        return requiring(filter(maker));
    }

    /** Marks a component as one that cannot be used without settings. */
    static <T> AnalysisProvider<T> requiring(AnalysisProvider<T> provider) {
        return new AnalysisProvider<>() {
            @Override
            public T get(IndexSettings index, Environment environment, String name, Settings settings) throws IOException {
                return provider.get(index, environment, name, settings);
            }

            @Override
            public boolean requiresAnalysisSettings() {
                return true;
            }
        };
    }

    /** A tokenizer. */
    static AnalysisProvider<TokenizerFactory> tokenizer(Maker<Supplier<Tokenizer>> maker) {
        return (index, environment, name, settings) ->
            TokenizerFactory.newFactory(name, maker.make(new Given(index, environment, settings)));
    }

    /** A character filter. */
    static AnalysisProvider<CharFilterFactory> charFilter(Maker<UnaryOperator<Reader>> maker) {
        return (index, environment, name, settings) -> {
            UnaryOperator<Reader> wrap = maker.make(new Given(index, environment, settings));
            return new CharFilterFactory() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public Reader create(Reader reader) {
                    return wrap.apply(reader);
                }
            };
        };
    }

    /** A character filter that normalizers use too. */
    static AnalysisProvider<CharFilterFactory> normalizingCharFilter(Maker<UnaryOperator<Reader>> maker) {
        return (index, environment, name, settings) -> {
            UnaryOperator<Reader> wrap = maker.make(new Given(index, environment, settings));
            return new NormalizingCharFilterFactory() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public Reader create(Reader reader) {
                    return wrap.apply(reader);
                }
            };
        };
    }

    /** A whole analyzer. */
    static AnalysisProvider<AnalyzerProvider<? extends Analyzer>> analyzer(Maker<Analyzer> maker) {
        return (index, environment, name, settings) -> {
            Analyzer analyzer = maker.make(new Given(index, environment, settings));
            return new AbstractIndexAnalyzerProvider<Analyzer>(name, settings) {
                @Override
                public Analyzer get() {
                    return analyzer;
                }
            };
        };
    }
}
