"""How good is the search? Judged sets, measures, intervals, comparisons and a report about them.

A judged set (:mod:`~search.evaluation.judged`, :mod:`~search.evaluation.trec`) is filled into an index of its own
(:mod:`~search.evaluation.throwaway`), asked through :mod:`search.client` as readers ask
(:mod:`~search.evaluation.running`), measured (:mod:`~search.evaluation.metrics`,
:mod:`~search.evaluation.statistics`), set beside another run (:mod:`~search.evaluation.comparing`) and told
(:mod:`~search.evaluation.report`). ``manage.py evaluate_search`` puts them together.
"""
