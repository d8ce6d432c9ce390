"""Records that come as YAML files and are checked against a model: what is wrong is told by file, record and field."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from baophu.core.errors import BaophuError, Problem, nearest
from baophu.core.languages import Text, same

Record = TypeVar("Record", bound=BaseModel)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads numbers with a point as text, so that 0.0255 stays exact on its way to a Decimal.

    Only `true` and `false` are truth values, as in YAML 1.2: a field may be called `on`.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 (the library's own way)
        first: [(tag, pattern) for tag, pattern in resolvers if not (tag.endswith(":bool") and first in "yYnNoO")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _day(loader: Any, node: yaml.ScalarNode) -> date | str:
    """Read a day; what only looks like one, such as 2026-02-31, stays text for the model to refuse."""
    text: str = loader.construct_scalar(node)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


_Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: loader.construct_scalar(node))
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def read_yaml(path: Path) -> Any:
    """Read one YAML file; BaophuError with the line where it cannot be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a safe loader)
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name}, line {mark.line + 1}" if mark else path.name
        reason = getattr(error, "problem", None) or getattr(error, "strerror", None) or "not UTF-8"
        raise BaophuError(Text(f"Không đọc được {where}: {reason}", f"Cannot read {where}: {reason}")) from None


Place = tuple[str | int, ...]


def read_places(path: Path) -> tuple[Any, dict[Place, int]]:
    """Read one YAML file with the line of each of its places, such as `(3, "inputs", "month")`.

    A key stands in the line where its name is written; the whole file is the place `()`. BaophuError for a file that
    cannot be read and for a key that is written twice.
    """
    raw = read_yaml(path)
    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    places: dict[Place, int] = {(): 1}
    problems: list[Problem] = []
    _find_places(node, (), places, problems, path.name)
    if problems:
        what = Text(f"Có khóa ghi hai lần trong {path.name}.", f"A key is written twice in {path.name}.")
        raise BaophuError(what, problems=problems)
    return raw, places


def _find_places(
    node: yaml.Node | None, at: Place, places: dict[Place, int], problems: list[Problem], name: str
) -> None:
    """Collect the lines of all places below a node."""
    if isinstance(node, yaml.SequenceNode):
        for number, below in enumerate(node.value):
            places[(*at, number)] = below.start_mark.line + 1
            _find_places(below, (*at, number), places, problems, name)
    elif isinstance(node, yaml.MappingNode):
        for key, below in node.value:
            place, line = (*at, str(key.value)), key.start_mark.line + 1
            if place in places:
                reason = Text(f"đã có ở dòng {places[place]}", f"is in line {places[place]} already")
                problems.append(Problem(Text(f"{name}, dòng {line}", f"{name}, line {line}"), str(key.value), reason))
            places[place] = line
            _find_places(below, place, places, problems, name)


def check(model: type[Record], raw: object, source: str) -> Record:
    """Check one record against its model; BaophuError names each wrong field and the nearest right one."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems = []
        for fault in error.errors(include_url=False):
            field = ".".join(str(part) for part in fault["loc"]) or "-"
            reason = fault["msg"]
            if fault["type"] == "extra_forbidden":
                names = dict.fromkeys(model.model_fields, "")
                reason = f"no such field; nearest: {', '.join(nearest(str(fault['loc'][-1]), names)) or '-'}"
            value = fault.get("input")
            shown = "" if isinstance(value, dict | list) else str(value)
            problems.append(Problem(same(f"{source}, {field}"), shown, same(reason)))
        what = Text(f"Bản ghi sai trong {source}.", f"A record is wrong in {source}.")
        raise BaophuError(what, problems=problems) from None


def read_records(model: type[Record], paths: Iterable[Path]) -> list[Record]:
    """Read one record a file, checked, in the order of the paths."""
    return [check(model, read_yaml(path), path.name) for path in paths]
