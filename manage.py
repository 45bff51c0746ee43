#!/usr/bin/env python3
"""Django's command line, with the portal's own settings and data."""

import os
import sys


def main() -> None:
    """Runs one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
    from django.core.management import execute_from_command_line

    from portal.settings.environment import BadEnvironment

    try:
        execute_from_command_line(sys.argv)
    except BadEnvironment as error:
        sys.exit(f"hiroba: {error}")


if __name__ == "__main__":
    main()
