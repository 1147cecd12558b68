"""Pages made from catalogues: one for each rule, each field and each family of codes, and the contents.

Title, help, severity and thresholds come from the program's own tables; a rule that is new there has its
page at once, before anybody has written a word about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from app.documents.document_errors import DOC_CODES
from app.election.catalogue import GROUPS, RULES, JudgedBy, Rule, severity_of
from app.election.model import Contest
from app.election.reference import ElectionInfo
from app.station.handbook.fields import FIELDS, Field, column_of, fields_of
from app.station.handbook.pages import Kind, Page
from app.station.handbook.words import table
from app.trust.refusals import RefusalReason

#: Topics that a rule's page leads to: by its group, or by itself where the group's are not enough.
_TOPICS: Final = {
    "ID": ("prijezd", "co-delat-kdyz"),
    "FM": ("prijezd", "zmocneni"),
    "LG": ("listky-a-obalky", "zmocneni"),
    "KC": ("kontrolni-cisla", "zmocneni"),
    "PL": ("listky-a-obalky",),
    "PR": ("opravy",),
    "AG": ("predavani-dat",),
    "ID-04": ("opravy",),
    "FM-05": ("podpisy",),
    "FM-06": ("lhuty",),
    "LG-09": ("senat",),
    "KC-05": ("prijezd", "kontrolni-cisla"),
    "PR-02": ("lhuty",),
    "PR-03": ("predavani-dat", "prijezd"),
    "PR-04": ("zkouska",),
    "PR-06": ("odmitnuti", "lhuty"),
}
_PASSABLE_TOPIC: Final = "pustitelne-chyby"


class Generator:
    """Makes the pages of one election in one language."""

    def __init__(self, election: ElectionInfo, language: str) -> None:
        self._election = election
        self._czech = language == "cs"
        self._words = table(language, "words")
        self._labels = self._words["label"]
        self._rules = table(language, "rules")
        self._fields = table(language, "fields")
        self._codes = table(language, "codes")
        self._sentences = table(language, "sentences")

    def rules(self) -> Iterator[Page]:
        """A page for every rule of the catalogue, in its order."""
        for rule in RULES.values():
            yield Page(f"{Kind.RULE}:{rule.id}", f"{rule.id} · {self._title(rule)}", self._rule(rule))

    def fields(self) -> Iterator[Page]:
        """A page for every field of the forms, in their order."""
        for field in FIELDS:
            yield Page(f"{Kind.FIELD}:{field.column}", self._field_title(field), self._field(field))

    def codes(self) -> Iterator[Page]:
        """A page for every family of error codes."""
        for family, words in self._codes.items():
            yield Page(f"{Kind.CODE}:{family}", f"{family} · {words['title']}", self._code(family))

    def contents(self, pages: Sequence[Page], name: str) -> Page:
        """The first page: links to all others, topics first."""
        by_group: dict[str, list[Page]] = defaultdict(list)
        for page in pages:
            if page.kind is not Kind.RULE:
                by_group[page.kind].append(page)
        lines = [self._labels["contents_help"]]
        lines += [f"## {self._labels['topics']}", _list(by_group[Kind.TOPIC])]
        for group, names in GROUPS.items():
            heading = f"{self._labels['rules']} {group}: {names[0] if self._czech else names[1]}"
            of_group = [page for page in pages if page.kind is Kind.RULE and RULES[page.name].group == group]
            lines += [f"## {heading}", _list(of_group)]
        lines += [f"## {self._labels['fields']}", _list(by_group[Kind.FIELD])]
        lines += [f"## {self._labels['codes']}", _list(by_group[Kind.CODE])]
        return Page(f"{Kind.TOPIC}:{name}", self._labels["contents"], _joined(lines))

    # --- rules ---------------------------------------------------------------------------------------

    def _title(self, rule: Rule) -> str:
        return rule.title_cs if self._czech else rule.title_en

    def _rule(self, rule: Rule) -> str:
        words = self._rules.get(rule.id, {})
        severity = severity_of(rule.id, self._election.severities)
        parts = [f"**{self._words['severity'][severity]}** {self._words['consequence'][severity]}"]
        if "means" in words:
            parts += [f"## {self._labels['means']}", words["means"]]
        parts += [f"## {self._labels['look']}", rule.help_cs if self._czech else rule.help_en]
        if "tell" in words:
            parts += [f"## {self._labels['tell']}", words["tell"]]
        if "law" in words:
            parts += [f"## {self._labels['law']}", words["law"]]
        parts += self._thresholds(rule)
        parts += [
            f"## {self._labels['when']}",
            f"{self._where(rule)} {self._words['judged'][rule.judged_by]}",
        ]
        fields = [f"[{field.column}](field:{field.column})" for field in fields_of(rule.id)]
        if fields:
            parts += [f"## {self._labels['rule_fields']}", ", ".join(fields)]
        topics = dict.fromkeys(_TOPICS.get(rule.id, _TOPICS.get(rule.group, ())))
        if severity.needs_reason:
            topics[_PASSABLE_TOPIC] = None
        parts += [
            f"## {self._labels['more']}",
            "\n".join(f"- {self._link_to_topic(name)}" for name in topics),
        ]
        return _joined(parts)

    def _thresholds(self, rule: Rule) -> list[str]:
        thresholds = self._election.thresholds.of(rule.id)
        if not thresholds:
            return []
        names = self._words["threshold"]
        rows = [
            f"- {names.get(f'{rule.id}.{name}', names.get(name, name))}: **{self._limit(value)}**"
            for name, value in thresholds.items()
        ]
        return [f"## {self._labels['thresholds']}", "\n".join(rows)]

    def _limit(self, value: int | Fraction) -> str:
        """A whole number as it is; a share below one in percent; another fraction as a decimal number."""
        if isinstance(value, int):
            return str(value)
        if value < 1:
            return f"{self._decimal(value * 100)}\u00a0%"
        return self._decimal(value)

    def _decimal(self, value: Fraction) -> str:
        whole, rest = divmod(value * 100, 100)
        digits = f"{int(rest):02d}".rstrip("0")
        return f"{whole}{',' if self._czech else '.'}{digits}" if digits else str(whole)

    def _where(self, rule: Rule) -> str:
        if rule.judged_by is JudgedBy.TALLY:
            return ""
        if rule.contests == frozenset(Contest):
            return self._words["contest"]["all"]
        return " ".join(self._words["contest"][contest] for contest in Contest if contest in rule.contests)

    def _link_to_topic(self, name: str) -> str:
        return f"[{self._words['topic'][name]}](topic:{name})"

    # --- fields --------------------------------------------------------------------------------------

    def _field_title(self, field: Field) -> str:
        return f"{field.column} · {self._fields[field.column]['title']}"

    def _field(self, field: Field) -> str:
        words = self._fields[field.column]
        parts = [words["means"]]
        if "check" in words:
            parts += [f"## {self._labels['look']}", words["check"]]
        where = ", ".join(self._words["part"][part] for part in field.parts)
        rows = [f"- {self._labels['where']}: {where}", f"- {self._labels['width']}: {self._width(field)}"]
        parts += [f"## {self._labels['on_form']}", "\n".join(rows)]
        if "computed" in words:
            parts += [f"## {self._labels['computed']}", words["computed"]]
        rules = [f"- [{rule_id}](rule:{rule_id}) {self._title(RULES[rule_id])}" for rule_id in field.rules]
        parts += [f"## {self._labels['field_rules']}", "\n".join(rules)]
        return _joined(parts)

    def _width(self, field: Field) -> str:
        if not field.width:
            return self._labels["text"]
        if field.column == "ZAKRSTRANA":
            return f"{field.width} {self._labels['characters']}"
        form = "digit_1" if field.width == 1 else "digit_2" if field.width <= 4 else "digit_5"
        return f"{self._labels['at_most']} {field.width} {self._labels[form]}"

    # --- codes ---------------------------------------------------------------------------------------

    def _code(self, family: str) -> str:
        words = self._codes[family]
        parts = [words["means"], f"## {self._labels['do']}", words["do"]]
        if "rows" in words:
            parts += [f"## {self._labels['what_about']}", words["rows"]]
        rows = self._code_rows(family)
        if rows:
            heads = self._labels["code"], self._labels["says"]
            parts += [f"## {self._labels['every_code']}", _rows(heads, rows)]
        return _joined(parts)

    def _code_rows(self, family: str) -> list[tuple[str, str]]:
        """Codes with their sentences, as the program says them; places that it fills in are an ellipsis."""
        if family == "DOC":
            return [
                (code.code, (code.cs if self._czech else code.en).format_map(_Ellipsis()))
                for code in DOC_CODES.values()
            ]
        if family == "CMS":
            return [(reason.code, reason.cs if self._czech else reason.en) for reason in RefusalReason]
        return [
            (code, said.replace("|", "/").replace("\n", " "))
            for code, said in self._sentences.get(family, {}).items()
        ]


class _Ellipsis(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def field_id(name: str) -> str:
    """The id of the page for a field's name as verdicts and files use it."""
    return f"{Kind.FIELD}:{column_of(name)}"


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _list(pages: Sequence[Page]) -> str:
    return "\n".join(f"- [{page.title}]({page.id})" for page in pages)


def _rows(heads: tuple[str, str], rows: Sequence[tuple[str, str]]) -> str:
    lines = [heads, ("---", "---"), *rows]
    return "\n".join(f"| {left} | {right} |" for left, right in lines)
