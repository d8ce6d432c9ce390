"""An explanation as a tree of words, for pages: what was explained once is not explained again, but pointed to."""

from __future__ import annotations

from typing import Any

from baophu.core.languages import Language
from baophu.law.trace import COUNTED, Step, article_words, figure_words, parameter_words


def tree_of(step: Step, lang: Language, told: dict[str, str]) -> dict[str, Any]:
    """Return the words of a step and of all below it.

    `told` holds the steps that the page has explained already, each with the anchor by which it is pointed to; those of
    this tree are added.
    """
    node: dict[str, Any] = {
        "title": step.title.say(lang),
        "value": figure_words(step.value, step.unit, lang),
        "counted": COUNTED[step.counted].say(lang) if step.counted else "",
        "anchor": "",
        "above": told.get(step.id, ""),
        **dict.fromkeys(("article", "note"), ""),
        **dict.fromkeys(("parameters", "failed", "parts"), ()),
    }
    if node["above"] or not (step.parts or step.parameters or step.failed or step.article or step.note):
        return node
    told[step.id] = node["anchor"] = f"step-{len(told) + 1}"
    node["article"] = article_words(step.article, lang) if step.article else ""
    node["note"] = step.note.say(lang) if step.note else ""
    node["parameters"] = [parameter_words(value, lang) for value in step.parameters]
    # What holds of several funds is told once.
    node["failed"] = list(
        dict.fromkeys(
            failed.condition.say(lang) + (f" ({article_words(failed.article, lang)})" if failed.article else "")
            for failed in step.failed
        )
    )
    node["parts"] = [tree_of(part, lang, told) for part in step.parts]
    return node
