package hiroba.node.analysis;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicStemFilter;
import org.apache.lucene.analysis.bg.BulgarianStemFilter;
import org.apache.lucene.analysis.bn.BengaliStemFilter;
import org.apache.lucene.analysis.br.BrazilianStemFilter;
import org.apache.lucene.analysis.ckb.SoraniStemFilter;
import org.apache.lucene.analysis.cz.CzechStemFilter;
import org.apache.lucene.analysis.de.GermanLightStemFilter;
import org.apache.lucene.analysis.de.GermanMinimalStemFilter;
import org.apache.lucene.analysis.el.GreekStemFilter;
import org.apache.lucene.analysis.en.EnglishMinimalStemFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.es.SpanishLightStemFilter;
import org.apache.lucene.analysis.es.SpanishPluralStemFilter;
import org.apache.lucene.analysis.fa.PersianStemFilter;
import org.apache.lucene.analysis.fi.FinnishLightStemFilter;
import org.apache.lucene.analysis.fr.FrenchLightStemFilter;
import org.apache.lucene.analysis.fr.FrenchMinimalStemFilter;
import org.apache.lucene.analysis.gl.GalicianMinimalStemFilter;
import org.apache.lucene.analysis.gl.GalicianStemFilter;
import org.apache.lucene.analysis.hi.HindiStemFilter;
import org.apache.lucene.analysis.hu.HungarianLightStemFilter;
import org.apache.lucene.analysis.id.IndonesianStemFilter;
import org.apache.lucene.analysis.it.ItalianLightStemFilter;
import org.apache.lucene.analysis.lv.LatvianStemFilter;
import org.apache.lucene.analysis.no.NorwegianLightStemFilter;
import org.apache.lucene.analysis.no.NorwegianMinimalStemFilter;
import org.apache.lucene.analysis.pt.PortugueseLightStemFilter;
import org.apache.lucene.analysis.pt.PortugueseMinimalStemFilter;
import org.apache.lucene.analysis.pt.PortugueseStemFilter;
import org.apache.lucene.analysis.ru.RussianLightStemFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.sv.SwedishLightStemFilter;

/** The values of {@code language} that the token filter {@code stemmer} knows. */
final class Stemmers {
    private static final String[] SNOWBALL = {
        "armenian", "basque", "catalan", "danish", "dutch", "estonian", "finnish", "french", "german", "german2", "hungarian",
        "irish", "italian", "kp", "lithuanian", "lovins", "norwegian", "portuguese", "romanian", "russian", "serbian", "spanish",
        "swedish", "turkish" };
    private static final Map<String, UnaryOperator<TokenStream>> ALL = new TreeMap<>();

    private Stemmers() {}

    /** The stemmer of that name; an unknown one is refused as the official module does. */
    static UnaryOperator<TokenStream> named(String name) {
        UnaryOperator<TokenStream> found = ALL.get(name.toLowerCase(Locale.ROOT));
        if (found == null) {
            throw new IllegalArgumentException("Invalid stemmer class specified: " + name);
        }
        return found;
    }

    static {
        for (String name : SNOWBALL) {
            String stemmer = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
            ALL.put(name, input -> new SnowballFilter(input, stemmer));
        }
        ALL.put("arabic", ArabicStemFilter::new);
        ALL.put("bengali", BengaliStemFilter::new);
        ALL.put("brazilian", BrazilianStemFilter::new);
        ALL.put("bulgarian", BulgarianStemFilter::new);
        ALL.put("czech", CzechStemFilter::new);
        ALL.put("dutch_kp", input -> new SnowballFilter(input, "Kp"));
        ALL.put("english", PorterStemFilter::new);
        ALL.put("galician", GalicianStemFilter::new);
        ALL.put("greek", GreekStemFilter::new);
        ALL.put("hindi", HindiStemFilter::new);
        ALL.put("indonesian", IndonesianStemFilter::new);
        ALL.put("kstem", KStemFilter::new);
        ALL.put("latvian", LatvianStemFilter::new);
        ALL.put("light_english", KStemFilter::new);
        ALL.put("light_finnish", FinnishLightStemFilter::new);
        ALL.put("light_french", FrenchLightStemFilter::new);
        ALL.put("light_german", GermanLightStemFilter::new);
        ALL.put("light_hungarian", HungarianLightStemFilter::new);
        ALL.put("light_italian", ItalianLightStemFilter::new);
        ALL.put("light_norwegian", NorwegianLightStemFilter::new);
        ALL.put("light_portuguese", PortugueseLightStemFilter::new);
        ALL.put("light_russian", RussianLightStemFilter::new);
        ALL.put("light_spanish", SpanishLightStemFilter::new);
        ALL.put("light_swedish", SwedishLightStemFilter::new);
        ALL.put("minimal_english", EnglishMinimalStemFilter::new);
        ALL.put("minimal_french", FrenchMinimalStemFilter::new);
        ALL.put("minimal_galician", GalicianMinimalStemFilter::new);
        ALL.put("minimal_german", GermanMinimalStemFilter::new);
        ALL.put("minimal_norwegian", NorwegianMinimalStemFilter::new);
        ALL.put("minimal_portuguese", PortugueseMinimalStemFilter::new);
        ALL.put("persian", PersianStemFilter::new);
        ALL.put("porter", PorterStemFilter::new);
        ALL.put("porter2", input -> new SnowballFilter(input, "English"));
        ALL.put("portuguese_rslp", PortugueseStemFilter::new);
        ALL.put("possessive_english", EnglishPossessiveFilter::new);
        ALL.put("sorani", SoraniStemFilter::new);
        ALL.put("spanish_plural", SpanishPluralStemFilter::new);
    }
}
