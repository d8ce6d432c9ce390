"""The parts of a page that may be kept (`web.keeping`): `{% part "main" %}…{% endpart %}`."""

from __future__ import annotations

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

from baophu.web.keeping import TOKEN
from baophu.web.keeping import part as kept_part

register = template.Library()


class Part(Node):
    """A part of a page."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: template.Context) -> SafeString:
        """Return it as it was kept, else as it is made now."""
        request = context.get("request")
        if request is None or getattr(request, "kept", None) is None:
            return self.nodelist.render(context)
        return mark_safe(kept_part(request, self.name, lambda: self._made(context)))  # noqa: S308 (a template made it)

    def _made(self, context: template.Context) -> str:
        with context.push(csrf_token=TOKEN):
            return self.nodelist.render(context)


@register.tag
def part(parser: Parser, token: Token) -> Part:
    """Read a part up to its end."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endpart",))
    parser.delete_first_token()
    return Part(name.strip('"'), nodelist)
