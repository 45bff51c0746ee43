package hiroba.node.analysis;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.bn.BengaliAnalyzer;
import org.apache.lucene.analysis.br.BrazilianAnalyzer;
import org.apache.lucene.analysis.ca.CatalanAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.ckb.SoraniAnalyzer;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.analysis.core.SimpleAnalyzer;
import org.apache.lucene.analysis.core.StopAnalyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.et.EstonianAnalyzer;
import org.apache.lucene.analysis.eu.BasqueAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.ga.IrishAnalyzer;
import org.apache.lucene.analysis.gl.GalicianAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.hy.ArmenianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.lt.LithuanianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.sr.SerbianAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.th.ThaiAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import org.elasticsearch.index.analysis.Analysis;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;

/** Whole analyzers: one for each language with the settings {@code stopwords} and {@code stem_exclusion}, and the plain ones. */
final class LanguageAnalyzers {
    private static final Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> ALL = new TreeMap<>();

    private LanguageAnalyzers() {}

    static Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> all() {
        return ALL;
    }

    private static void stemmed(String name, CharArraySet stop, BiFunction<CharArraySet, CharArraySet, Analyzer> make) {
        ALL.put(name, Component.analyzer(given -> make.apply(
            Analysis.parseStopWords(given.environment(), given.settings(), stop),
            Analysis.parseStemExclusion(given.settings(), CharArraySet.EMPTY_SET)
        )));
    }

    private static void unstemmed(String name, CharArraySet stop, Function<CharArraySet, Analyzer> make) {
        ALL.put(name, Component.analyzer(given ->
            make.apply(Analysis.parseStopWords(given.environment(), given.settings(), stop))));
    }

    static {
        stemmed("arabic", ArabicAnalyzer.getDefaultStopSet(), ArabicAnalyzer::new);
        stemmed("armenian", ArmenianAnalyzer.getDefaultStopSet(), ArmenianAnalyzer::new);
        stemmed("basque", BasqueAnalyzer.getDefaultStopSet(), BasqueAnalyzer::new);
        stemmed("bengali", BengaliAnalyzer.getDefaultStopSet(), BengaliAnalyzer::new);
        stemmed("brazilian", BrazilianAnalyzer.getDefaultStopSet(), BrazilianAnalyzer::new);
        stemmed("bulgarian", BulgarianAnalyzer.getDefaultStopSet(), BulgarianAnalyzer::new);
        stemmed("catalan", CatalanAnalyzer.getDefaultStopSet(), CatalanAnalyzer::new);
        stemmed("czech", CzechAnalyzer.getDefaultStopSet(), CzechAnalyzer::new);
        stemmed("danish", DanishAnalyzer.getDefaultStopSet(), DanishAnalyzer::new);
        stemmed("dutch", DutchAnalyzer.getDefaultStopSet(), DutchAnalyzer::new);
        stemmed("english", EnglishAnalyzer.getDefaultStopSet(), EnglishAnalyzer::new);
        stemmed("estonian", EstonianAnalyzer.getDefaultStopSet(), EstonianAnalyzer::new);
        stemmed("finnish", FinnishAnalyzer.getDefaultStopSet(), FinnishAnalyzer::new);
        stemmed("french", FrenchAnalyzer.getDefaultStopSet(), FrenchAnalyzer::new);
        stemmed("galician", GalicianAnalyzer.getDefaultStopSet(), GalicianAnalyzer::new);
        stemmed("german", GermanAnalyzer.getDefaultStopSet(), GermanAnalyzer::new);
        stemmed("hindi", HindiAnalyzer.getDefaultStopSet(), HindiAnalyzer::new);
        stemmed("hungarian", HungarianAnalyzer.getDefaultStopSet(), HungarianAnalyzer::new);
        stemmed("indonesian", IndonesianAnalyzer.getDefaultStopSet(), IndonesianAnalyzer::new);
        stemmed("irish", IrishAnalyzer.getDefaultStopSet(), IrishAnalyzer::new);
        stemmed("italian", ItalianAnalyzer.getDefaultStopSet(), ItalianAnalyzer::new);
        stemmed("latvian", LatvianAnalyzer.getDefaultStopSet(), LatvianAnalyzer::new);
        stemmed("lithuanian", LithuanianAnalyzer.getDefaultStopSet(), LithuanianAnalyzer::new);
        stemmed("norwegian", NorwegianAnalyzer.getDefaultStopSet(), NorwegianAnalyzer::new);
        stemmed("portuguese", PortugueseAnalyzer.getDefaultStopSet(), PortugueseAnalyzer::new);
        stemmed("romanian", RomanianAnalyzer.getDefaultStopSet(), RomanianAnalyzer::new);
        stemmed("russian", RussianAnalyzer.getDefaultStopSet(), RussianAnalyzer::new);
        stemmed("serbian", SerbianAnalyzer.getDefaultStopSet(), SerbianAnalyzer::new);
        stemmed("sorani", SoraniAnalyzer.getDefaultStopSet(), SoraniAnalyzer::new);
        stemmed("spanish", SpanishAnalyzer.getDefaultStopSet(), SpanishAnalyzer::new);
        stemmed("swedish", SwedishAnalyzer.getDefaultStopSet(), SwedishAnalyzer::new);
        stemmed("turkish", TurkishAnalyzer.getDefaultStopSet(), TurkishAnalyzer::new);
        unstemmed("cjk", CJKAnalyzer.getDefaultStopSet(), CJKAnalyzer::new);
        unstemmed("greek", GreekAnalyzer.getDefaultStopSet(), GreekAnalyzer::new);
        unstemmed("persian", PersianAnalyzer.getDefaultStopSet(), PersianAnalyzer::new);
        unstemmed("stop", EnglishAnalyzer.ENGLISH_STOP_WORDS_SET, StopAnalyzer::new);
        unstemmed("thai", ThaiAnalyzer.getDefaultStopSet(), ThaiAnalyzer::new);
        ALL.put("keyword", Component.analyzer(given -> new KeywordAnalyzer()));
        ALL.put("simple", Component.analyzer(given -> new SimpleAnalyzer()));
        ALL.put("whitespace", Component.analyzer(given -> new WhitespaceAnalyzer()));
    }
}
