package hiroba.node.analysis;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.index.IndexSettings;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;

/** {@code asciifolding}: where the original is kept beside the folded word, normalizing and synonyms use the folded one only. */
final class AsciiFolding implements NormalizingTokenFilterFactory {
    private final String name;
    private final boolean original;

    AsciiFolding(IndexSettings index, Environment environment, String name, Settings settings) {
        this(name, settings.getAsBoolean("preserve_original", false));
    }

    private AsciiFolding(String name, boolean original) {
        this.name = name;
        this.original = original;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public TokenStream create(TokenStream input) {
        return new ASCIIFoldingFilter(input, original);
    }

    @Override
    public TokenStream normalize(TokenStream input) {
        return new ASCIIFoldingFilter(input, false);
    }

    @Override
    public TokenFilterFactory getSynonymFilter() {
        return original ? new AsciiFolding(name, false) : this;
    }
}
