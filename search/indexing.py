import threading


def run_worker(stop_event: threading.Event, poll_seconds: float = 0.25) -> None:
    """Placeholder until the search branch lands."""
    stop_event.wait()
