"""What the API says of itself: an OpenAPI description with examples, in one language, and a page made from it."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from baophu.core.languages import Language, Text
from baophu.web.api.problems import MEDIA_TYPE, PROBLEMS, WHERE
from baophu.web.rules import open_to_all
from baophu.web.templatetags.baophu import language

JSON = "application/json"
ABOUT = Text(
    "Những gì các trang hiện ra, dạng JSON. Mỗi câu trả lời chỉ có những gì khóa hoặc tài khoản được xem; "
    "số định danh luôn được che, trừ khi hỏi đủ số và nêu mục đích. Tiền là đồng, số nguyên. Tháng là ngày đầu tháng. "
    "Tỷ lệ là phần của 1.",
    "What the pages show, as JSON. An answer holds only what the key or the account may see; personal numbers are "
    "masked unless they are asked for in full with a purpose. Money is whole dong. A month is its first day. "
    "A share is a fraction of 1.",
)
_KEY = "Khóa API, tạo ở trang Tài khoản / A key to the API, made on the page Account"
_COOKIE = "Trình duyệt đã đăng nhập, chỉ để đọc / A browser that has signed in, for reading only"
_LANG = {
    "in": "query",
    "name": "lang",
    "required": False,
    "description": "vi hoặc en, thay Accept-Language / vi or en, in place of Accept-Language",
    "schema": {"type": "string"},
    "example": "vi",
}
_WAIT = {"Retry-After": {"description": "Số giây / Seconds", "schema": {"type": "integer"}}}
# Words of these keys are in both languages, with a stroke between.
_SPOKEN = ("summary", "description")


@open_to_all
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """Answer with the description."""
    return JsonResponse(described(language()), json_dumps_params={"ensure_ascii": False})


@open_to_all
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the operations and the problems on a page."""
    lang = language()
    about = described(lang)
    return render(
        request,
        "web/api.html",
        {
            "about": about["info"]["description"],
            "groups": _groups(about),
            "problems": [(status, one.title.say(lang), one.detail.say(lang)) for status, one in PROBLEMS.items()],
            "host": f"{request.scheme}://{request.get_host()}",
        },
    )


@lru_cache(maxsize=2)
def described(lang: Language) -> dict[str, Any]:
    """Return the OpenAPI description in a language."""
    from baophu.web.api.urls import api

    # Through JSON: what the library shares between operations becomes each one's own.
    about: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/v1/")))
    about["info"]["description"] = f"{ABOUT.vi} / {ABOUT.en}"
    schemas = about["components"]["schemas"]
    for one in schemas.values():
        # Said in English, for whoever reads the program.
        one.pop("description", None)
    about["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": _KEY},
        "session": {"type": "apiKey", "in": "cookie", "name": "baophu_session", "description": _COOKIE},
    }
    for path in about["paths"].values():
        for method, operation in path.items():
            _complete(operation, method, schemas)
    found: dict[str, Any] = in_language(_untitled(about), lang)
    return found


def _complete(operation: dict[str, Any], method: str, schemas: dict[str, Any]) -> None:
    """Add what an operation shares with the others: who may, errors as problems, examples."""
    operation["security"] = [{"key": []}] + ([{"session": []}] if method == "get" else [])
    operation["parameters"].append(dict(_LANG))
    for parameter in operation["parameters"]:
        shown = parameter.pop("examples", None)
        if shown:
            parameter["example"] = shown[0]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["example"] = example(content["schema"], schemas)
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        if int(status) >= 400:
            told = PROBLEMS[int(status)]
            shown = {
                "type": WHERE.format(status=status),
                "title": f"{told.title.vi} / {told.title.en}",
                "status": int(status),
                "detail": f"{told.detail.vi} / {told.detail.en}",
                "instance": "/api/v1/…",
            }
            answer["content"] = {MEDIA_TYPE: {**content[JSON], "example": shown}}
            answer["description"] = f"{told.title.vi} / {told.title.en}"
        elif content:
            answer["description"] = "Được / Done"
            content[JSON]["example"] = example(content[JSON]["schema"], schemas)
    operation["responses"]["429"]["headers"] = dict(_WAIT)


def example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """Return an example of a schema, put together from those of its fields."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas)
    if "anyOf" in schema:
        known = next((one for one in schema["anyOf"] if one.get("type") != "null"), schema["anyOf"][0])
        # What may be missing is missing, unless it is a thing with fields of its own.
        return example(known, schemas) if "$ref" in known else None
    if schema.get("type") == "array":
        one = example(schema["items"], schemas)
        return [] if one is None or one == "" else [one]
    if "properties" in schema:
        return {name: example(one, schemas) for name, one in schema["properties"].items()}
    return {"string": "", "integer": 0, "number": 0, "boolean": False, "object": {}}.get(schema.get("type", ""))


def in_language(tree: Any, lang: Language) -> Any:
    """Return a description with the words of one language.

    >>> in_language({"summary": "Tìm / Search"}, "en")
    {'summary': 'Search'}
    """
    if isinstance(tree, list):
        return [_half(one, lang) if isinstance(one, str) else in_language(one, lang) for one in tree]
    if not isinstance(tree, dict):
        return tree
    return {
        name: _half_example(value, lang)
        if name in ("example", "examples")
        else _half(value, lang)
        if name in _SPOKEN and isinstance(value, str)
        else in_language(value, lang)
        for name, value in tree.items()
    }


def _half(words: str, lang: Language) -> str:
    vi, stroke, en = words.partition(" / ")
    return en if lang == "en" and stroke else vi


def _half_example(shown: Any, lang: Language) -> Any:
    """Return an example; those of problems are in both languages too."""
    if isinstance(shown, dict) and "instance" in shown:
        return {name: _half(value, lang) if isinstance(value, str) else value for name, value in shown.items()}
    return shown


def _untitled(tree: Any) -> Any:
    """Leave out the titles that the library makes of the names of fields."""
    if isinstance(tree, list):
        return [_untitled(one) for one in tree]
    if not isinstance(tree, dict):
        return tree
    is_schema = any(name in tree for name in ("type", "anyOf", "$ref", "allOf", "enum", "const"))
    return {
        name: value if name in ("example", "examples") else _untitled(value)
        for name, value in tree.items()
        if not (is_schema and name == "title" and isinstance(value, str))
    }


def _groups(about: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the operations for the page, by their tag."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in about["paths"].items():
        for method, one in methods.items():
            content = one["responses"]["200"].get("content", {}).get(JSON, {})
            body = one.get("requestBody", {}).get("content", {}).get(JSON)
            told = {
                "id": one["operationId"],
                "method": method.upper(),
                "path": path,
                "summary": one["summary"],
                "description": one.get("description", ""),
                "parameters": [_parameter(given) for given in one["parameters"]],
                "address": _address(path, one["parameters"]),
                "body": json.dumps(body["example"], ensure_ascii=False) if body else "",
                "answer": json.dumps(content.get("example"), ensure_ascii=False, indent=2),
            }
            found.setdefault(one["tags"][0], []).append(told)
    return list(found.items())


def _parameter(given: dict[str, Any]) -> dict[str, Any]:
    schema = given["schema"]
    kinds = [schema, *schema.get("anyOf", ())]
    return {
        "name": given["name"],
        "required": given["required"],
        "description": given.get("description", ""),
        "example": given.get("example", ""),
        "choices": next((", ".join(map(str, one["enum"])) for one in kinds if "enum" in one), ""),
    }


def _address(path: str, parameters: list[dict[str, Any]]) -> str:
    for given in parameters:
        if given["in"] == "path":
            path = path.replace(f"{{{given['name']}}}", str(given.get("example", "")))
    needed = [
        f"{one['name']}={one.get('example', '')}" for one in parameters if one["in"] == "query" and one["required"]
    ]
    return f"{path}?{'&'.join(needed)}".replace(" ", "%20") if needed else path
