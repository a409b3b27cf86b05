"""How templates become Python: what is known beforehand is put in once, and not looked up at each request.

An environment belongs to one language of the interface, so that the compiled page holds its messages as they are, with the
values between them; icons and the addresses of assets stand in it too. What remains is called without the detour by which
Jinja lets a function ask for the template's context: ours never do.
"""

import re
import time
from collections.abc import Callable, Mapping, MutableMapping
from functools import lru_cache
from keyword import iskeyword
from typing import Any, cast

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from codezest.kit.i18n import Reader

DRAWINGS = ("components/icon.html", "components/verdict.html")
"""Templates whose macros depend on their arguments alone: what they give is kept, and a change to them is seen by the next start."""
DRAWING = "drawing"
MESSAGES = frozenset({"_", "gettext"})
ASSET = "static"
KEPT = 10_000
"""Patterns and drawings that a process keeps ready: a page needs a hundred."""
LOOK_AGAIN_SECONDS = 0.5
"""How long a template counts as unchanged where changes are looked for."""
_SPECIAL = re.compile(r"""[&<>"']""")
"""What `escape` changes; most texts hold none of it, and finding that out is cheaper."""
_OF_MAPPINGS = frozenset(dir(dict))
_PLACE = re.compile(r"%\((\w+)\)s|%%")


@lru_cache(maxsize=KEPT)
def _pattern(message: str) -> tuple[str, tuple[str, ...]] | None:
    """The message for values in this order; None where it wants them in another form than text."""
    if "%" in _PLACE.sub("", message):
        return None
    names = tuple(found[1] for found in _PLACE.finditer(message) if found[1])
    return _PLACE.sub(lambda found: "%s" if found[1] else "%%", message), names


def filled(message: str, values: Mapping[str, Any]) -> Markup:
    """A message of ours as it may stand in a page, `%%` for a per cent sign as in every message; the values are escaped.

    Raises:
        KeyError: a value that the message names is not there.
    """
    pattern = _pattern(message)
    if pattern is None:
        return Markup(message) % values  # noqa: S704 - messages are ours, as the templates are
    text, names = pattern
    return Markup(text % tuple([escape(values[name]) for name in names]))  # noqa: S704 - as above


def shown(value: Any) -> str:
    """The value as a page says it: markup as it is, everything else escaped."""
    kind = type(value)
    if kind is Markup or (kind is str and _SPECIAL.search(value) is None):
        return value
    return str(value) if kind is int else escape(value)


class PageTemplate(Template):
    """Looks at its file from time to time only, where it looks at all; as a module it is the same for everybody."""

    _seen_at = 0.0

    @property
    def is_up_to_date(self) -> bool:
        moment = time.monotonic()
        if moment - self._seen_at < LOOK_AGAIN_SECONDS:
            return True
        self._seen_at = moment
        return super().is_up_to_date

    def _get_default_module(self, ctx: Context | None = None) -> Any:  # noqa: ARG002 - whose names are the environment's
        return super()._get_default_module()


class PageEnvironment(Environment):
    """The templates in one language of the interface (`es`)."""

    def __init__(self, language: str, **options: Any) -> None:
        self.reader = Reader(language)
        self._known: dict[str, Template] = {}
        super().__init__(**options)
        kept = lru_cache(maxsize=KEPT, typed=True)(self.drawing)
        cast("dict[str, object]", self.globals)[DRAWING] = kept

    def drawing(self, template: str, macro: str, *arguments: str | None) -> Markup:
        """What a macro of one of the `DRAWINGS` gives."""
        return Markup(getattr(self.get_template(template).module, macro)(*arguments))  # noqa: S704 - a macro's output

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002
    ) -> Template:
        # A page asks for some fifteen. Jinja's own cache costs more than they take to find.
        known = self._known.get(name) if globals is None and isinstance(name, str) else None
        if known is not None and (not self.auto_reload or known.is_up_to_date):
            return known
        found = super().get_template(name, parent, globals)
        if globals is None and isinstance(name, str):
            self._known[name] = found
        return found

    def getattr(self, obj: Any, attribute: str) -> Any:
        # Many things that pages show are mappings; asking them for an attribute first costs an exception each time.
        if type(obj) is dict and attribute not in _OF_MAPPINGS:
            held: dict[str, Any] = obj
            try:
                return held[attribute]
            except KeyError:
                return super().getattr(obj, attribute)
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)


class _Settled(NodeTransformer):
    """Puts in what is known."""

    def __init__(self, environment: PageEnvironment, drawings: Mapping[str, tuple[str, str]]) -> None:
        self._environment = environment
        self._drawings = drawings

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 - the visitor's own names
        node.nodes = [part for child in node.nodes for part in self._parts(child)]
        return self.generic_visit(node)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        node = cast("nodes.Call", self.generic_visit(node))
        if not isinstance(node.node, nodes.Name) or node.dyn_args or node.dyn_kwargs:
            return node
        name = node.node.name
        texts = _texts(node)
        if texts is None or node.kwargs:
            if name in self._drawings and not node.kwargs:
                node.args[:0] = [nodes.Const(part, lineno=node.lineno) for part in self._drawings[name]]
                node.node = nodes.Name(DRAWING, "load", lineno=node.lineno)
            return node
        if name in MESSAGES:
            return nodes.Const(filled(self._environment.reader.gettext(texts[0]), {}), lineno=node.lineno)
        if name == ASSET:
            static = cast("Callable[[str], str]", self._environment.globals[ASSET])
            return nodes.Const(static(texts[0]), lineno=node.lineno)
        if name in self._drawings:
            return nodes.Const(self._environment.drawing(*self._drawings[name], *texts), lineno=node.lineno)
        return node

    def _parts(self, node: nodes.Expr) -> list[nodes.Expr]:
        """A message with values as the pieces that it consists of."""
        if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in MESSAGES):
            return [node]
        texts = _texts(node)
        if texts is None or not node.kwargs or node.dyn_args or node.dyn_kwargs:
            return [node]
        message = self._environment.reader.gettext(texts[0])
        values = {pair.key: pair.value for pair in node.kwargs}
        found = list(_PLACE.finditer(message))
        names = [place[1] for place in found if place[1]]
        if "%" in _PLACE.sub("", message) or sorted(names) != sorted(values):
            return [node]
        parts: list[nodes.Expr] = []
        end = 0
        for place in found:
            parts.append(nodes.TemplateData(message[end : place.start()], lineno=node.lineno))
            parts.append(values[place[1]] if place[1] else nodes.TemplateData("%", lineno=node.lineno))
            end = place.end()
        return [*parts, nodes.TemplateData(message[end:], lineno=node.lineno)]


def _texts(node: nodes.Call) -> list[str] | None:
    """The arguments, if they are texts that the template itself holds, and there are any."""
    values = [cast("object", argument.value) for argument in node.args if isinstance(argument, nodes.Const)]
    texts = [value for value in values if isinstance(value, str)]
    return texts if texts and len(texts) == len(node.args) else None


def _drawings(template: nodes.Template) -> dict[str, tuple[str, str]]:
    """The macros of `DRAWINGS`, each with its template, by the names under which a template imports them."""
    found: dict[str, tuple[str, str]] = {}
    for line in template.find_all(nodes.FromImport):
        if isinstance(line.template, nodes.Const) and line.template.value in DRAWINGS:
            for name in line.names:
                macro, alias = (name, name) if isinstance(name, str) else name
                found[alias] = (line.template.value, macro)
    return found


class PageCode(CodeGenerator):
    """Writes the Python of a template."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        environment = cast("PageEnvironment", self.environment)
        self.writeline(f"from {shown.__module__} import {shown.__name__}")
        super().visit_Template(cast("nodes.Template", _Settled(environment, _drawings(node)).visit(node)), frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: FBT001, FBT002, N802
        unusual = node.dyn_args or node.dyn_kwargs or any(iskeyword(pair.key) for pair in node.kwargs)
        if unusual or not isinstance(node.node, nodes.Name):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in (*node.args, *node.kwargs):
            self.visit(argument, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write(f"{shown.__name__}(")
        else:
            super()._output_child_pre(node, frame, finalize)


PageEnvironment.code_generator_class = PageCode
PageEnvironment.template_class = PageTemplate
