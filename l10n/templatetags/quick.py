"""Django's `{% url %}` and `{% translate %}`, quicker for what pages are full of: numbers in addresses, fixed words."""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode, url
from django.templatetags.i18n import do_translate
from django.utils.translation import get_language

from l10n.links import address

register = template.Library()


class QuickURLNode(URLNode):
    """No namespace of ours is mounted twice, so the current application need not be asked for."""

    def render(self, context: template.Context) -> str:
        args = [arg.resolve(context) for arg in self.args]
        if self.asvar or any(type(arg) is not int for arg in args):
            return str(super().render(context))
        # An address made of a pattern and numbers holds nothing to escape.
        return address(self.view_name.resolve(context), *args)


@register.tag("url")
def quick_url(parser: Parser, token: Token) -> URLNode:
    node: Any = url(parser, token)
    if node.kwargs:
        return URLNode(node.view_name, node.args, node.kwargs, node.asvar)
    return QuickURLNode(node.view_name, node.args, node.kwargs, node.asvar)


class FixedTranslateNode(template.Node):
    """One text, looked up once in each language."""

    def __init__(self, node: Any) -> None:
        self.node, self.asvar = node, node.asvar
        node.asvar = None
        self.said: dict[str | None, str] = {}

    def render(self, context: template.Context) -> str:
        language = get_language()
        if language not in self.said:
            self.said[language] = self.node.render(context)
        if not self.asvar:
            return self.said[language]
        context[self.asvar] = self.said[language]
        return ""


def quick_translate(parser: Parser, token: Token) -> template.Node:
    words = token.split_contents()
    node = do_translate(parser, token)
    is_fixed = words[1][0] in "\"'" and words[1][-1] == words[1][0] and not node.message_context
    return FixedTranslateNode(node) if is_fixed else node


register.tag("translate", quick_translate)
register.tag("trans", quick_translate)
