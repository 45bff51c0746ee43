"""Search: the embedded index in the data folder, or Elasticsearch through ELASTICSEARCH_URL."""

from portal.settings.environment import read_environment

ENVIRONMENT = read_environment()

SEARCH = {
    "ELASTICSEARCH_URL": ENVIRONMENT.elasticsearch_url or None,
    "EMBEDDED_PATH": ENVIRONMENT.data_dir / "search",
    "INDEX_PREFIX": "hiroba",
    # Milliseconds a page waits for a remote engine before it answers without it.
    "BUDGET_MS": 300,
    # Seconds after which a process looks whether the termbase or the promoted results changed.
    "TERMS_CHECK_SECONDS": 10,
}
