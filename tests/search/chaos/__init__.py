"""Killing the worker and the engine again and again while documents change; afterwards index and database must agree.

    .venv/bin/python -m tests.search.chaos --engine embedded|elasticsearch [--of rows|portal] [--changes 500] [--seed 1]

``--of rows`` changes rows of a table of its own: the search library alone, a worker that starts in a moment.
``--of portal`` asks, answers, edits, accepts, deletes and restores through the portal's services, hides and shows
articles, and runs ``manage.py run_worker``.

The worker dies in two ways: by SIGKILL at any moment, and in the middle of a write to the index (see worker.py). The
Elasticsearch node dies by SIGKILL and starts again on the same data. Prints what happened and what differs as JSON.
"""
