"""manage.py run_worker: what runs beside the web server."""

import signal
import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.core.periodic import run_periodic
from search.indexing import run_worker


class Command(BaseCommand):
    """Sends changes to the search index, runs background and periodic jobs until it is told to stop."""

    help = "Send changes to the search index and run background jobs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the index worker and the periodic jobs in threads, django-tasks' worker in the main one."""
        stop = threading.Event()
        signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
        threads = [
            threading.Thread(target=run_worker, args=(stop,), name="search-index", daemon=True),
            threading.Thread(target=run_periodic, args=(stop,), name="periodic", daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            call_command("db_worker", interval=1, verbosity=0)
        except (KeyboardInterrupt, SystemExit):
            pass
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=10)
