import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()


def load_pages() -> None:
    """Reads all views now: before the workers fork, so that they share them, and not in somebody's first request."""
    from django.conf import settings
    from django.urls import get_resolver

    for urls in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
        get_resolver(urls).url_patterns  # noqa: B018  (a cached property that imports)


load_pages()
