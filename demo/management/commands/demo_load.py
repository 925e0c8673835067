import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.loading import load
from demo.story import FIRMS
from tenants import clock
from tenants.models import Domain
from tenants.services.addresses import host_of


class Command(BaseCommand):
    help = "Makes the two demo firms with ninety days of history. Does nothing for a firm that is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("firms", nargs="*", default=list(FIRMS), metavar="firm")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION and not settings.DEMO:
            raise CommandError("This is a production server. Set TASMIM_DEMO=1 if it is meant to show the demo.")
        # One line for each of some thirty queued minutes would bury the progress.
        logging.getLogger("django_structlog").setLevel(logging.WARNING)
        for address in options["firms"]:
            if Domain.objects.filter(domain=host_of(address)).exists():
                self.stdout.write(f"{address}: is there already")
                continue
            load(address, now=clock.now(), say=self.say)
            self.stdout.write(f"{address}: ready")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
