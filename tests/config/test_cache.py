from django.core.cache import cache


def test_one_client_is_kept_and_works():
    client = cache._cache.get_client("a")  # type: ignore[attr-defined]

    assert cache._cache.get_client("b", write=True) is client  # type: ignore[attr-defined]
    cache.set("kept-client", {"a": 1}, 5)
    assert cache.get("kept-client") == {"a": 1}
    cache.delete("kept-client")
    assert cache.get("kept-client") is None
