"""Every code that the program can say, with its sentence, for the handbook: found in the source itself.

`python -m app.commands.handbook_codes` writes `resources/handbook/*/sentences.toml`; a test holds the files
to the source. An installed program has no source to look into, so the files go with it. What a sentence
fills in becomes an ellipsis. Rules of the election have their own pages and are left out.
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

import app
from app import resources
from app.election.catalogue import GROUPS

_CODE: Final = re.compile(r"([A-Z]{2,4})-[0-9]{2,3}")
_FILLED_IN: Final = re.compile(r"\{[a-z_.]*\}")
#: Words that look like codes.
_NONE: Final = frozenset({"UTF-16", "UTF-32"})
#: Codes whose sentence comes from elsewhere: Czech and English.
_SAID_ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "AUD-14": (
            "Dva údaje, které mají říkat totéž, se liší; hlášení řekne které.",
            "Two things that have to say the same do not; the message says which.",
        ),
        "AUD-18": (
            "Mimo databázi je zaznamenáno víc, než co v ní je; hlášení řekne co.",
            "What lies outside the database knows more than it holds; the message says what.",
        ),
        "STA-52": (
            "Odpověď ústředí je k zápisu, který v dávce není, nebo k jinému jeho obsahu; nic nepotvrzuje.",
            "The centre's answer is about a protocol that the batch does not hold, or about other content of "
            "it; it confirms nothing.",
        ),
    }
)
LANGUAGES: Final = ("cs", "en")
Sentences = Mapping[str, tuple[str, str]]


def path_of(language: str) -> Path:
    """Where the sentences of a language lie."""
    return resources.path("handbook", language, "sentences.toml")


def named() -> frozenset[str]:
    """Every code in the source."""
    return frozenset(
        node.value
        for tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_code(node.value)
    )


def sentences() -> Sentences:
    """Czech and English sentence of each code, by code; of a code with several, one after another."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for tree in _trees():
        for node in ast.walk(tree):
            for code, said in _said(node):
                if said not in found[code]:
                    found[code].append(said)
    joined = {
        code: (" • ".join(cs for cs, _ in pairs), " • ".join(en for _, en in pairs))
        for code, pairs in found.items()
    }
    return dict(sorted({**_SAID_ELSEWHERE, **joined}.items()))


def written(known: Sentences, language: str) -> str:
    """The file of a language."""
    lines = ["# Made from the source: python -m app.commands.handbook_codes"]
    family = ""
    for code, said in known.items():
        if code.partition("-")[0] != family:
            family = code.partition("-")[0]
            lines += ["", f"[{family}]"]
        lines.append(f"{code} = {json.dumps(said[LANGUAGES.index(language)], ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def _trees() -> Iterator[ast.Module]:
    for path in sorted(Path(app.__file__).parent.rglob("*.py")):
        yield ast.parse(path.read_text("utf-8"))


def _is_code(text: str) -> bool:
    match = _CODE.fullmatch(text)
    return match is not None and match[1] not in GROUPS and text not in _NONE


def _said(node: ast.AST) -> Iterator[tuple[str, tuple[str, str]]]:
    """Codes with the two texts that follow: arguments of a call, members of a tuple, a row of a table."""
    match node:
        case ast.Call(args=arguments, keywords=keywords):
            yield from _followed([*arguments, *(each.value for each in keywords)])
        case ast.Tuple(elts=members):
            yield from _followed(members)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if key is not None and isinstance(value, ast.Tuple | ast.Call):
                    inside = value.elts if isinstance(value, ast.Tuple) else value.args
                    yield from _followed([key, *inside])


def _followed(items: Sequence[ast.expr]) -> Iterator[tuple[str, tuple[str, str]]]:
    for place, item in enumerate(items):
        code = _text(item)
        if code is None or not _is_code(code):
            continue
        texts = [text for text in map(_text, items[place + 1 :]) if text is not None]
        if len(texts) >= 2 and " " in texts[0]:
            yield code, (_FILLED_IN.sub("…", texts[0]), _FILLED_IN.sub("…", texts[1]))


def _text(node: ast.expr) -> str | None:
    """A text that is written out; what is filled into it is an ellipsis. None for anything else."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) or "…" for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            texts = _text(left), _text(right)
            return None if texts == (None, None) else "".join(text or "…" for text in texts)
    return None


def main() -> None:
    known = sentences()
    for language in LANGUAGES:
        path_of(language).write_text(written(known, language), "utf-8")


if __name__ == "__main__":
    main()
