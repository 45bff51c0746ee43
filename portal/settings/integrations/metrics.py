"""Prometheus: the folder in which the processes of the web server count together; empty for one process alone."""

from portal.settings.environment import read_environment

METRICS_FOLDER = read_environment().metrics_folder
