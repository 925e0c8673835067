#!/usr/bin/env python3
import os
import sys

from config import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        with embedded.for_command(sys.argv):
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except embedded.EmbeddedFailed as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
