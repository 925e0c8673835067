from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from api.build import api
from members.access import everyone
from members.http import MemberRequest


@dataclass(frozen=True)
class Input:
    name: str
    shape: str
    needed: bool
    note: str


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    summary: str
    note: str
    parameters: tuple[Input, ...]
    body: tuple[Input, ...]


@everyone
@require_GET
def docs(request: MemberRequest) -> HttpResponse:
    """The same OpenAPI document that programs read, for people."""
    base = request.build_absolute_uri(reverse("api_v1:api-root"))
    return render(request, "api/docs.html", {"operations": operations(), "base": base})


@lru_cache(maxsize=1)
def operations() -> tuple[Operation, ...]:
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=""))
    shapes = document["components"]["schemas"]
    return tuple(
        _operation(path, method, found, shapes)
        for path, methods in document["paths"].items()
        for method, found in methods.items()
    )


def _operation(path: str, method: str, found: dict[str, Any], shapes: dict[str, Any]) -> Operation:
    body = found.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    parameters = tuple(
        Input(one["name"], _shape(one["schema"]), one.get("required", False), "") for one in found["parameters"]
    )
    return Operation(
        method.upper(), path, found["summary"], found.get("description", ""), parameters, tuple(_body(body, shapes))
    )


def _body(schema: dict[str, Any], shapes: dict[str, Any]) -> Iterator[Input]:
    shape = shapes.get(schema.get("$ref", "").rpartition("/")[2], {})
    for name, about in shape.get("properties", {}).items():
        yield Input(name, _shape(about), name in shape.get("required", []), about.get("description", ""))


def _shape(about: dict[str, Any]) -> str:
    """ "string", "integer or null", "NewLead"."""
    if "$ref" in about:
        return str(about["$ref"].rpartition("/")[2])
    some = about.get("anyOf") or about.get("allOf")
    if some:
        return " | ".join(dict.fromkeys(_shape(one) for one in some))
    return str(about.get("format") or about.get("type", ""))
