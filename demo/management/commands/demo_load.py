import logging
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.loading import is_whole, load
from demo.story import FIRMS
from tenants import clock
from tenants.models import Domain
from tenants.services.addresses import host_of
from tenants.services.provisioning import delete_workspace


class Command(BaseCommand):
    help = "Makes the two demo firms with ninety days of history. Does nothing for a firm that is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("firms", nargs="*", default=list(FIRMS), metavar="firm")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION and not settings.DEMO:
            raise CommandError("This is a production server. Set TASMIM_DEMO=1 if it is meant to show the demo.")
        missing = [address for address in options["firms"] if not self.stands(address)]
        if len(missing) > 1:
            self.make_side_by_side(missing)
        elif missing:
            self.make(missing[0])

    def make(self, address: str) -> None:
        # One line for each of some thirty queued minutes would bury the progress.
        logging.getLogger("django_structlog").setLevel(logging.WARNING)
        load(address, now=clock.now(), say=self.say)
        self.say(f"{address}: ready")

    def stands(self, address: str) -> bool:
        """Whether the firm is there and whole; half a firm is cleared away."""
        domain = Domain.objects.select_related("tenant").filter(domain=host_of(address)).first()
        if domain is None:
            return False
        if is_whole(domain.tenant):
            self.say(f"{address}: is there already")
            return True
        delete_workspace(tenant=domain.tenant)
        return False

    def make_side_by_side(self, addresses: list[str]) -> None:
        """Each firm in a process of its own: the clock that is stopped for its history belongs to the process."""
        made = [
            subprocess.Popen([sys.executable, str(settings.BASE_DIR / "manage.py"), "demo_load", address])
            for address in addresses
        ]
        codes = [process.wait() for process in made]
        if any(codes):
            raise CommandError("The demo could not be made; what is printed above says why.")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
