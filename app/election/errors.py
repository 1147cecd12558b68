"""Known troubles: what can go wrong in the world around the program, as opposed to a bug in it.

A known trouble has a stable code and one clear sentence in Czech and in English, written for the
person who can do something about it. Anything else that is raised is a bug and is shown as such.
"""


class KnownError(Exception):
    """A trouble that the program foresaw: show its sentence, lose nothing, go on.

    `code` is stable and may be searched for in the manual; `cs` and `en` are whole sentences
    that say what happened and what to do.
    """

    def __init__(self, code: str, cs: str, en: str) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.cs = cs
        self.en = en

    def __reduce__(self) -> tuple[object, ...]:
        return (_restore, (type(self), self.args, dict(self.__dict__)))


def _restore(kind: type[KnownError], args: tuple[object, ...], state: dict[str, object]) -> KnownError:
    """Rebuild an error that crossed a process border, whatever its subclass's constructor takes."""
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error
