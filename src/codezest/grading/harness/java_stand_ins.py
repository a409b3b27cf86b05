"""Java sources that stand in for the learner's classes: the same names and shapes, every call sent to the other side.

They are made from what `Agent describe` prints, which reads classes without running them. Nothing of it is taken that is not
a name or a type.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_NAME = re.compile(r"[^\W\d][\w$]*(?:\.[^\W\d][\w$]*)*")
_TYPES = re.compile(r"[\w.$<>?,&\[\] ]*")
_SIGNATURE = re.compile(r"[\w$]+\([\w.$;\[]*\)")
_LINK = "codezest.tests.Tests"
_INHERITED = {"equals(java.lang.Object;)", "hashCode()", "toString()"}
_ROOTS = {"", "java.lang.Object", "java.lang.Record"}
"""Parents that a stand-in need not have."""


class StrangeShape(ValueError):
    """A description that no compiled class gives."""


@dataclass(frozen=True, slots=True)
class Member:
    """A constructor or method. Types as Java spells them."""

    signature: str
    variables: str
    parameters: tuple[str, ...]
    throws: tuple[str, ...]
    returns: str = ""
    modifiers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.signature.partition("(")[0]


@dataclass(slots=True)
class Shape:
    """A class of the learner's."""

    name: str
    kind: str
    parent: str
    variables: str
    interfaces: tuple[str, ...]
    modifiers: tuple[str, ...]
    constants: list[str] = field(default_factory=list[str])
    fields: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    constructors: list[Member] = field(default_factory=list[Member])
    methods: list[Member] = field(default_factory=list[Member])

    @property
    def simple(self) -> str:
        return self.name.rpartition(".")[2].rpartition("$")[2]


def _type(text: str) -> str:
    if not _TYPES.fullmatch(text.replace("...", "")):
        raise StrangeShape(text)
    return text.replace("$", ".")


def _types(text: str) -> tuple[str, ...]:
    return tuple(_type(each) for each in text.split("|")) if text else ()


def _checked(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise StrangeShape(text)
    return text


def read_shapes(description: str) -> dict[str, Shape]:
    """By binary name. Raises StrangeShape."""
    shapes: dict[str, Shape] = {}
    shape: Shape | None = None
    for line in description.splitlines():
        kind, *rest = line.split("\t")
        try:
            if kind == "class":
                name, which, parent, variables, interfaces, modifiers = rest
                shape = Shape(
                    _checked(_NAME, name),
                    which,
                    _type(parent),
                    _variables(variables),
                    _types(interfaces),
                    tuple(modifiers.split()),
                )
                shapes[name] = shape
            elif shape is not None:
                _add(shape, kind, rest)
        except ValueError as error:
            raise StrangeShape(line) from error
    return shapes


def _add(shape: Shape, kind: str, rest: Sequence[str]) -> None:
    if kind == "constant":
        shape.constants.append(_checked(_NAME, rest[0]))
    elif kind == "field":
        shape.fields.append((_checked(_NAME, rest[0]), _type(rest[1])))
    elif kind == "new":
        signature, variables, parameters, throws = rest
        made = Member(_checked(_SIGNATURE, signature), _variables(variables), _types(parameters), _types(throws))
        shape.constructors.append(made)
    else:
        signature, variables, parameters, throws, returns, modifiers = rest
        shape.methods.append(
            Member(
                _checked(_SIGNATURE, signature),
                _variables(variables),
                _types(parameters),
                _types(throws),
                _type(returns),
                tuple(modifiers.split()),
            )
        )


def _variables(text: str) -> str:
    return f"<{_type(text)}>" if text else ""


def stand_ins(shapes: Mapping[str, Shape]) -> dict[str, str]:
    """Path → Java source, one file for each class that is in no other."""
    files: dict[str, str] = {}
    for name, shape in shapes.items():
        if "$" not in name:
            package, _, simple = name.rpartition(".")
            head = f"package {package};\n" if package else ""
            files[f"{name.replace('.', '/')}.java"] = head + _source(shape, shapes, nested=False)
            del simple
    return files


def _source(shape: Shape, shapes: Mapping[str, Shape], *, nested: bool) -> str:
    parent = _plain(shape.parent)
    inherits = any(_type(name) == parent for name in shapes)
    body = {
        "class": _class_body,
        "enum": _enum_body,
        "interface": _interface_body,
        "throwable": _throwable_body,
    }[shape.kind](shape, inherits=inherits)
    inner = [each for name, each in shapes.items() if name.rpartition("$")[0] == shape.name and "$" in name]
    body += [_source(each, shapes, nested=True) for each in inner]
    access = "public " if "public" in shape.modifiers else ""
    kept = shape.interfaces if inherits or parent in _ROOTS or shape.kind == "enum" else ()
    own = [] if shape.kind in {"interface", "enum"} else [f"{_LINK}.StandIn"]
    implements = ", ".join([*kept, *own])
    words = {"class": "class", "throwable": "class"}.get(shape.kind, shape.kind)
    extends = f" extends {shape.parent}" if shape.kind == "throwable" or (shape.kind == "class" and inherits) else ""
    joined = f" {'extends' if shape.kind == 'interface' else 'implements'} {implements}" if implements else ""
    static = "static " if nested and shape.kind not in {"interface", "enum"} else ""
    lines = "\n".join(body)
    return f'@SuppressWarnings("all")\n{access}{static}{words} {shape.simple}{shape.variables}{extends}{joined} {{\n{lines}\n}}\n'


def _plain(name: str) -> str:
    return name.partition("<")[0]


def _arguments(member: Member) -> tuple[str, str]:
    """Declared, and handed on after a comma."""
    declared = ", ".join(f"{each} a{place}" for place, each in enumerate(member.parameters))
    handed = "".join(f", (Object) a{place}" for place in range(len(member.parameters)))
    return declared, handed


def _throws(member: Member) -> str:
    return f" throws {', '.join(member.throws)}" if member.throws else ""


def _method(shape: Shape, member: Member, *, default: bool = False) -> str:
    declared, handed = _arguments(member)
    static = "static" in member.modifiers
    words = [word for word in ("public", "protected", "static") if word in member.modifiers]
    words += ["default"] if default and not static else []
    self = "null" if static else "this"
    call = f'{_LINK}.call({shape.simple}.class, "{member.signature}", {self}{handed})'
    result = f"{call};" if member.returns == "void" else f"return ({member.returns}) {call};"
    head = " ".join([*words, member.variables, member.returns, f"{member.name}({declared}){_throws(member)}"])
    return f"  {head} {{ {result} }}"


def _members(shape: Shape) -> list[str]:
    fields = [
        f'  public static final {kind} {name} = ({kind}) {_LINK}.constant({shape.simple}.class, "{name}");'
        for name, kind in shape.fields
    ]
    methods = [_method(shape, member) for member in shape.methods if member.signature not in _INHERITED]
    return fields + methods


def _constructors(shape: Shape, more: str = "") -> list[str]:
    made: list[str] = []
    for member in shape.constructors:
        declared, handed = _arguments(member)
        call = f'{_LINK}.create({shape.simple}.class, "{member.signature}"{handed})'
        made.append(
            f"  public {member.variables} {shape.simple}({declared}){_throws(member)} {{ this({call}{more}); }}"
        )
    return made


_HANDLE = f"""\
  private final {_LINK}.Handle codezestHandle;
  public {_LINK}.Handle codezestHandle() {{ return codezestHandle; }}"""


def _class_body(shape: Shape, *, inherits: bool) -> list[str]:
    if inherits:
        base = [f"  protected {shape.simple}({_LINK}.Handle handle) {{ super(handle); }}"]
    else:
        base = [
            _HANDLE,
            f"  protected {shape.simple}({_LINK}.Handle handle) {{ codezestHandle = handle; }}",
            f"  public boolean equals(Object other) {{ return {_LINK}.same(this, other); }}",
            f'  public int hashCode() {{ return (int) {_LINK}.call(getClass(), "hashCode()", this); }}',
            f'  public String toString() {{ return (String) {_LINK}.call(getClass(), "toString()", this); }}',
        ]
    return base + _constructors(shape) + _members(shape)


def _throwable_body(shape: Shape, *, inherits: bool) -> list[str]:
    if inherits:
        base = [f"  protected {shape.simple}({_LINK}.Handle handle, String message) {{ super(handle, message); }}"]
    else:
        base = [
            _HANDLE,
            "  private final String codezestMessage;",
            f"  protected {shape.simple}({_LINK}.Handle handle, String message) {{ codezestHandle = handle; codezestMessage = message; }}",
            "  public String getMessage() {",
            "    if (codezestMessage != null || codezestHandle == null) return codezestMessage;",
            f'    return (String) {_LINK}.call(getClass(), "getMessage()", this);',
            "  }",
        ]
    members = [line for line in _members(shape) if " getMessage()" not in line]
    return base + _constructors(shape, ", (String) null") + members


def _enum_body(shape: Shape, *, inherits: bool) -> list[str]:
    del inherits
    methods = [
        _method(shape, member)
        for member in shape.methods
        if member.signature not in _INHERITED | {"values()", "valueOf(java.lang.String;)"}
    ]
    return [f"  {', '.join(shape.constants)};", *methods]


def _interface_body(shape: Shape, *, inherits: bool) -> list[str]:
    del inherits
    lines: list[str] = []
    for member in shape.methods:
        if "abstract" in member.modifiers:
            declared, _ = _arguments(member)
            lines.append(f"  {member.variables} {member.returns} {member.name}({declared}){_throws(member)};")
        else:
            lines.append(_method(shape, member, default=True))
    return lines
