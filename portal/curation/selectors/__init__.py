"""What curation reads: topics, the termbase, promoted results."""
