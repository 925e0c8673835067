"""The web server of the browser tests: the whole application in threads of this process, on a free port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application


class Handler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """A line for each request would bury what a failed test has to say."""


@contextmanager
def web_server() -> Iterator[int]:
    """Serves while the context is open; gives the port. Opens no database connection of its own."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), Handler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
