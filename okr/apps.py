from django.apps import AppConfig


class OkrConfig(AppConfig):
    name = "okr"

    def ready(self) -> None:
        from charter import replacing
        from okr.charter_hooks import serve_the_new_one

        replacing.register(serve_the_new_one)
