"""What one typing error in each query costs, on judged sets and either engine.

    .venv/bin/python benchmarks/misspelt_queries.py [FILE...] [--engine embedded|elasticsearch] [--step N] [--seed N]
        [--draws N]

Each set is asked through search.client, as pages do: as it is, and with one error in one content word of each query, as
often as there are draws of errors (1). Without files: the sets of ../shared/data/retrieval, where they are. Printed are
Hit@5 of both with 95 % intervals, the loss in points with its paired interval over the queries (of several draws each
query's mean), and the median time of a misspelt query against a clean one. Elasticsearch is the one that
ELASTICSEARCH_URL names.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data" / "retrieval"
sys.path.insert(0, str(ROOT))


def measured(path: Path, engine_name: str, step: int, seeds: range) -> str:
    """Returns the line of one set, with the errors of each of the seeds."""
    from search import synonyms
    from search.evaluation.judged import load_judged_set
    from search.evaluation.metrics import mean, percentile
    from search.evaluation.misspelling import misspelt_set
    from search.evaluation.running import run_set
    from search.evaluation.statistics import paired_differences, score_intervals
    from search.evaluation.throwaway import throwaway_index

    judged = load_judged_set(path)
    judged = replace(judged, queries=dict(list(judged.queries.items())[::step]))
    with throwaway_index(engine_name) as engine, synonyms.using(synonyms.Termbase()):
        clean = run_set(judged, engine=engine, endpoint="search")
        wrong = [run_set(misspelt_set(judged, seed=seed), engine=engine, endpoint="search") for seed in seeds]
    scores = [[mean([run.scores[query] for run in runs]) for query in judged.queries] for runs in ([clean], wrong)]
    hits = [score_intervals(each)[1] for each in scores]
    loss = paired_differences(scores[1], scores[0])[1].interval
    times = [percentile([each for run in runs for each in run.latencies], 0.5) for runs in ([clean], wrong)]
    figures = "  ".join(f"{each.mean:.3f} ({each.low:.3f}–{each.high:.3f})" for each in hits)
    return (
        f"{judged.name:<20}{engine_name:<15}{len(judged.queries):>6}  {figures}  {100 * loss.mean:5.2f} "
        f"({100 * loss.low:.2f}–{100 * loss.high:.2f})  {times[0]:6.1f} {times[1]:6.1f}  {times[1] / times[0]:.2f}"
    )


def main() -> None:
    """Reads the command line and prints a line a set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, default=sorted(SHARED.glob("[xj]*.json")))
    parser.add_argument("--engine", choices=("embedded", "elasticsearch"), default="embedded")
    parser.add_argument("--step", type=int, default=1, help="only every Nth query")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--draws", type=int, default=1, help="errors drawn for each query, from this seed on")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    import django

    django.setup()
    print(f"{'set':<20}{'engine':<15}{'n':>6}  clean  misspelt  loss (points)  p50 clean, misspelt (ms), ratio")
    seeds = range(asked.seed, asked.seed + asked.draws)
    for path in asked.files:
        print(measured(path, asked.engine, asked.step, seeds), flush=True)


if __name__ == "__main__":
    main()
