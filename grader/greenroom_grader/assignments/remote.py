"""Classes of the student's in the clean box: stand-ins whose instances live in the student's box.

The stand-in is source of ours. It is made only for a name that the instructor's own solution binds to a class, with
the special methods that the class has there, and its instances come only from calling it or from its methods. A
student's function can therefore never hand a test an object of the student's: whatever it returns is plain data or
equal to nothing. Comparisons with plain data are never asked of the student's object, which could say yes to all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What the clean box calls in the student's box.
NEW, GET, SET, DO, ON_CLASS = REMOTE_NAMES = (
    "_greenroom_new",
    "_greenroom_get",
    "_greenroom_set",
    "_greenroom_do",
    "_greenroom_on_class",
)

#: Special methods that a stand-in has of its own, or that must not be asked of a student's object.
_KEPT = frozenset(
    {
        "__init__",
        "__new__",
        "__del__",
        "__getattr__",
        "__getattribute__",
        "__setattr__",
        "__delattr__",
        "__init_subclass__",
        "__class_getitem__",
        "__reduce__",
        "__reduce_ex__",
    }
)
#: Those that it passes on only with another stand-in beside it.
_COMPARED = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"})

STUDENT_PRELUDE = f"""
def _greenroom_helpers(names):
    objects = []
    def classes():
        return [value for value in list(names.values()) if isinstance(value, type)]
    def out(value):
        if type(value) in classes() and type(value).__module__ == "__main__":
            objects.append(value)
            return ("object", len(objects) - 1, type(value).__name__)
        return ("data", value)
    def into(value):
        if type(value) is tuple and len(value) == 2 and type(value[0]) is str and value[0] == "\\0greenroom":
            return objects[value[1]]
        return value
    def new(name, *arguments, **keywords):
        return out(names[name](*map(into, arguments), **keywords))
    def get(number, attribute):
        value = getattr(objects[number], attribute)
        return ("method",) if callable(value) else out(value)
    def put(number, attribute, value):
        setattr(objects[number], attribute, into(value))
    def do(number, attribute, *arguments, **keywords):
        value = getattr(objects[number], attribute)(*map(into, arguments), **keywords)
        if attribute == "__iter__":
            return ("items", list(value))
        return out(value)
    def on_class(name, attribute, called, *arguments, **keywords):
        value = getattr(names[name], attribute)
        if called:
            return out(value(*map(into, arguments), **keywords))
        return ("method",) if callable(value) else out(value)
    return new, get, put, do, on_class
{NEW}, {GET}, {SET}, {DO}, {ON_CLASS} = _greenroom_helpers(globals())
del _greenroom_helpers
"""

CLEAN_PRELUDE = f"""
def _greenroom_stand_ins(names):
    made = {{}}
    def into(value):
        number = getattr(type(value), "_greenroom_number", None)
        return ("\\0greenroom", object.__getattribute__(value, "_greenroom")) if number is not None else value
    def out(answer):
        if answer[0] == "object" and answer[2] in made:
            kind = made[answer[2]]
            instance = object.__new__(kind)
            object.__setattr__(instance, "_greenroom", answer[1])
            return instance
        return answer[1] if answer[0] in ("data", "items") else None
    def method(number, attribute):
        def call(*arguments, **keywords):
            return out(names["{DO}"](number, attribute, *map(into, arguments), **keywords))
        call.__name__ = attribute
        return call
    class Meta(type):
        def __getattr__(kind, attribute):
            if attribute.startswith("__"):
                raise AttributeError(attribute)
            answer = names["{ON_CLASS}"](kind.__name__, attribute, False)
            if answer[0] != "method":
                return out(answer)
            return lambda *arguments, **keywords: out(
                names["{ON_CLASS}"](kind.__name__, attribute, True, *map(into, arguments), **keywords))
    def initialise(self, *arguments, **keywords):
        answer = names["{NEW}"](type(self).__name__, *map(into, arguments), **keywords)
        object.__setattr__(self, "_greenroom", answer[1] if answer[0] == "object" else -1)
    def read(self, attribute):
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        number = object.__getattribute__(self, "_greenroom")
        answer = names["{GET}"](number, attribute)
        return method(number, attribute) if answer[0] == "method" else out(answer)
    def write(self, attribute, value):
        names["{SET}"](object.__getattribute__(self, "_greenroom"), attribute, into(value))
    def passed(attribute):
        def call(self, *arguments):
            value = out(names["{DO}"](object.__getattribute__(self, "_greenroom"), attribute, *map(into, arguments)))
            return iter(value) if attribute == "__iter__" else value
        return call
    def compared(attribute):
        def call(self, other):
            if getattr(type(other), "_greenroom_number", None) is None:
                return NotImplemented
            return out(names["{DO}"](object.__getattribute__(self, "_greenroom"), attribute, into(other)))
        return call
    def stand_in(name, plain, between):
        body = {{"_greenroom_number": True, "__init__": initialise, "__getattr__": read, "__setattr__": write,
                "__module__": "__main__"}}
        body.update((attribute, passed(attribute)) for attribute in plain)
        body.update((attribute, compared(attribute)) for attribute in between)
        if "__eq__" in body and "__hash__" not in body:
            body["__hash__"] = object.__hash__
        made[name] = names[name] = Meta(name, (), body)
    return stand_in
_greenroom_stand_in = _greenroom_stand_ins(globals())
del _greenroom_stand_ins
"""


def class_source(name: str, special: Iterable[str]) -> str:
    """Source for the clean box that binds a name to the stand-in of the student's class."""
    between = _COMPARED.intersection(special)
    plain = set(special) - _KEPT - between
    return f"_greenroom_stand_in({name!r}, {sorted(plain)!r}, {sorted(between)!r})"
