package hiroba.node.analysis;

import java.io.IOException;
import java.io.StringReader;
import java.text.ParseException;
import java.util.List;
import java.util.function.Function;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.synonym.SolrSynonymParser;
import org.apache.lucene.analysis.synonym.SynonymFilter;
import org.apache.lucene.analysis.synonym.SynonymGraphFilter;
import org.apache.lucene.analysis.synonym.SynonymMap;
import org.apache.lucene.analysis.synonym.WordnetSynonymParser;
import org.apache.lucene.util.CharsRefBuilder;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.IndexService.IndexCreationContext;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.AnalysisMode;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.CustomAnalyzer;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** {@code synonym} and {@code synonym_graph}, whose rules pass through the filters that stand before them in the analyzer. */
final class Synonyms {
    private Synonyms() {}

    static AnalysisProvider<TokenFilterFactory> provider(boolean graph) {
        return (index, environment, name, settings) -> {
            if (settings.hasValue("synonyms_set")) {
                throw new IllegalArgumentException("this test node does not read [synonyms_set]; give [synonyms]");
            }
            List<String> rules = Analysis.getWordList(environment, settings, "synonyms");
            if (rules == null) {
                throw new IllegalArgumentException("synonym requires either `synonyms` or `synonyms_path` to be configured");
            }
            return new Unbound(name, settings, String.join("\n", rules), graph);
        };
    }

    /** The filter as configured, before it knows the analyzer that it stands in. */
    private record Unbound(String name, Settings settings, String rules, boolean graph) implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            throw new IllegalStateException("a synonym filter must be bound to its analyzer first");
        }

        @Override
        public AnalysisMode getAnalysisMode() {
            return settings.getAsBoolean("updateable", false) ? AnalysisMode.SEARCH_TIME : AnalysisMode.ALL;
        }

        @Override
        public TokenFilterFactory getChainAwareTokenFilterFactory(
            IndexCreationContext context,
            TokenizerFactory tokenizer,
            List<CharFilterFactory> charFilters,
            List<TokenFilterFactory> before,
            Function<String, TokenFilterFactory> all
        ) {
            Analyzer analyzer = new CustomAnalyzer(
                tokenizer,
                charFilters.toArray(CharFilterFactory[]::new),
                before.stream().map(TokenFilterFactory::getSynonymFilter).toArray(TokenFilterFactory[]::new)
            );
            return new Bound(name, parsed(analyzer), graph, getAnalysisMode());
        }

        private SynonymMap parsed(Analyzer analyzer) {
            boolean expand = settings.getAsBoolean("expand", true);
            boolean lenient = settings.getAsBoolean("lenient", settings.getAsBoolean("updateable", false));
            try {
                if (settings.get("format", "solr").equals("wordnet")) {
                    WordnetSynonymParser parser = new WordnetSynonymParser(true, expand, analyzer);
                    parser.parse(new StringReader(rules));
                    return parser.build();
                }
                SolrSynonymParser parser = lenient ? new Lenient(expand, analyzer) : new SolrSynonymParser(true, expand, analyzer);
                parser.parse(new StringReader(rules));
                return parser.build();
            } catch (IOException | ParseException error) {
                throw new IllegalArgumentException("failed to build synonyms", error);
            }
        }
    }

    /** The filter inside one analyzer. */
    private record Bound(String name, SynonymMap synonyms, boolean graph, AnalysisMode mode) implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream input) {
            if (synonyms.fst == null) {
                return input;
            }
            return graph ? new SynonymGraphFilter(input, synonyms, false) : new SynonymFilter(input, synonyms, false);
        }

        @Override
        public TokenFilterFactory getSynonymFilter() {
            return IDENTITY_FILTER;
        }

        @Override
        public AnalysisMode getAnalysisMode() {
            return mode;
        }
    }

    /** Passes over a rule that the filters before leave nothing of. */
    private static final class Lenient extends SolrSynonymParser {
        Lenient(boolean expand, Analyzer analyzer) {
            super(true, expand, analyzer);
        }

        @Override
        public void add(org.apache.lucene.util.CharsRef input, org.apache.lucene.util.CharsRef output, boolean original) {
            if (input.length > 0 && output.length > 0) {
                super.add(input, output, original);
            }
        }

        @Override
        public org.apache.lucene.util.CharsRef analyze(String text, CharsRefBuilder reuse) throws IOException {
            try {
                return super.analyze(text, reuse);
            } catch (IllegalArgumentException empty) {
                return new org.apache.lucene.util.CharsRef("");
            }
        }
    }
}
