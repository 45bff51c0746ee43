"""What is read of pages, articles and their comments. ``access`` is the only door to a page."""
