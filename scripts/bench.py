#!/usr/bin/env python3
"""`make bench`: figures of one machine, one JSON object a line: name, value, unit and ratio_to the target.

Runs its own servers in `.data/bench` and seeds one firm there once (8,800 deals, 85 customers, 35 people, brought in
through the import). Medians after a warm-up. A ratio above 1 misses the target.
"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TARGETS = {
    "list": 30.0, "board": 45.0, "deal_page": 40.0, "create_deal": 18.0, "quick_log": 18.0, "queries": 12.0,
    "import_8800_deals": 10.0, "agenda_2000_open_deals": 300.0, "scoring": 2.0, "first_visit": 130.0,
    "later_visit": 20.0, "memory": 900.0,
}  # fmt: skip


def tell(name: str, value: float, unit: str, target: str) -> None:
    ratio = round(value / TARGETS[target], 2)
    print(json.dumps({"name": name, "value": round(value, 1), "unit": unit, "ratio_to": ratio}), flush=True)


def main() -> None:
    from config import embedded, servers

    os.environ.setdefault("TASMIM_DATA_DIR", str(servers.data_dir() / "bench"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with embedded.running(servers.data_dir()) as addresses:
        os.environ.update(DATABASE_URL=addresses.database_url, REDIS_URL=addresses.redis_url)
        os.environ.update(TASMIM_DEMO="1", LOG_LEVEL="WARNING")
        measure()


def measure() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate_schemas", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from scripts.benchmark import browser, firm, pages, work

    tenant = firm.the_firm(tell)
    work.measure(tenant, tell)
    with pages.production_server() as server:
        pages.measure(tenant, server, tell)
        browser.measure(tenant, server, tell)
        pages.measure_memory(server, tell)


if __name__ == "__main__":
    main()
