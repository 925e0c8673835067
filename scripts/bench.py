#!/usr/bin/env python3
"""`make bench`: figures of one machine, one JSON object a line: name, value, unit and ratio_to the target.

Runs its own servers in `.data/bench` and fills three firms there once: one through the import (8,800 deals), one of
100,000 leads, 100,000 deals, 500,000 interactions and 20 users by COPY, and the same at one percent. Medians after a
warm-up. A ratio above 1 misses the target, also for what shall be high (lists or rows a second).
"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TARGETS = {
    "list": 25.0, "filtered": 30.0, "board": 40.0, "deal_page": 35.0, "create_lead": 15.0, "create_deal": 18.0,
    "quick_log": 12.0, "queries": 12.0, "deal_queries": 15.0, "throughput": 80.0, "import_rows": 3000.0,
    "import_memory": 300.0, "import_undo": 30.0, "import_8800_deals": 10.0, "agenda_2000_open_deals": 300.0,
    "scoring": 2.0, "scoring_large": 30.0, "filling": 120.0, "first_visit": 130.0, "later_visit": 20.0, "memory": 900.0,
}  # fmt: skip
AT_LEAST = {"throughput", "import_rows"}


def tell(name: str, value: float, unit: str, target: str) -> None:
    wanted = TARGETS[target]
    ratio = round(wanted / value if target in AT_LEAST else value / wanted, 2)
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
    from scripts.benchmark import browser, firm, imports, large, pages, work

    tenant = firm.the_firm(tell)
    small, whole = large.firm_of(0.01, tell), large.firm_of(1.0, tell)
    work.measure(tenant, tell)
    imports.measure(tenant, tell)
    with pages.production_server() as server:
        pages.measure(whole, small, server, tell)
        pages.measure_throughput(whole, server, tell)
        browser.measure(tenant, server, tell)
        pages.measure_memory(server, tell)


if __name__ == "__main__":
    main()
