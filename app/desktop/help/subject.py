"""What F1 is about: the focused field, the selected rule, the shown error, or else the page.

A widget says it by its property `help`, such as `field:VOL_SEZNAM` or `topic:prukazy`; the forms, the list
of rules and the messages know it by what their cursor stands on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtWidgets import QTreeView, QWidget

from app.desktop.entry.box import Box
from app.desktop.form_view import FormModel
from app.desktop.messages import Message
from app.desktop.reasons import ReasonDialog
from app.desktop.rule_list import ENTRY_ROLE, RuleList
from app.station.handbook import HOME, Handbook, Kind, Page

#: Property of a widget that names its subject.
PROPERTY: Final = "help"
#: Topic of each page of the window that has nothing more exact under the cursor.
_PAGES: Final[Mapping[str, str]] = {
    "welcome": "topic:prijezd",
    "verdict": "topic:zmocneni",
    "protocol": "topic:opravy",
    "result": "topic:predavani-dat",
    "entry": "topic:papir",
    "settle": "topic:papir",
    "second": "topic:papir",
    "drafts": "topic:papir",
    "retype": "topic:prijezd",
    "mending": "topic:zmocneni",
}
#: Topic of each dialog, by its class.
_DIALOGS: Final[Mapping[str, str]] = {
    "RefuseDialog": "topic:odmitnuti",
    "SignatureDialog": "topic:podpisy",
    "PersonDialog": "topic:role",
    "CrashDialog": "topic:co-delat-kdyz",
}
#: Topic of each act that asks for a reason.
_ACTS: Final[Mapping[str, str]] = {
    "refuse": "topic:odmitnuti",
    "send_back": "topic:odmitnuti",
    "hold": "topic:pustitelne-chyby",
    "approve": "topic:pustitelne-chyby",
    "correct": "topic:opravy",
}


def subject(focused: QWidget | None, codes: Sequence[str], page: str) -> str:
    """What F1 is about: `codes` are those of the shown messages, newest first, `page` the window's page."""
    widget = focused
    while widget is not None:
        found = _of(widget)
        if found:
            return found
        widget = widget.parentWidget()
    if codes:
        return f"{Kind.CODE}:{codes[0]}"
    return _PAGES.get(page, HOME)


def page_of(handbook: Handbook, subject: str) -> Page:
    """The page about a subject; a code leads to its rule or its family, what is unknown to the contents."""
    kind, _, name = subject.partition(":")
    match kind:
        case Kind.RULE:
            return handbook.for_rule(name)
        case Kind.FIELD:
            return handbook.for_field(name)
        case Kind.CODE:
            return handbook.for_code(name)
    try:
        return handbook.page(subject)
    except KeyError:
        return handbook.page(HOME)


def _of(widget: QWidget) -> str:
    told = widget.property(PROPERTY)
    if told:
        return str(told)
    if isinstance(widget, Box) and widget.line is not None:
        return f"{Kind.FIELD}:{widget.line.field.name}"
    if isinstance(widget, RuleList) and widget.currentIndex().isValid():
        rule = widget.currentIndex().data(ENTRY_ROLE).rule_id
        return f"{Kind.RULE}:{rule}" if rule else ""
    if isinstance(widget, QTreeView):
        return _of_form(widget)
    if isinstance(widget, Message) and widget.code:
        return f"{Kind.CODE}:{widget.code}"
    if isinstance(widget, ReasonDialog):
        return _ACTS.get(widget.act, "")
    return _DIALOGS.get(type(widget).__name__, "")


def _of_form(view: QTreeView) -> str:
    """The row under the cursor of a form; a list's title stands for its votes."""
    model, index = view.model(), view.currentIndex()
    if not isinstance(model, FormModel) or not index.isValid():
        return ""
    if not index.parent().isValid():
        return f"{Kind.FIELD}:POC_HLASU" if model.form.blocks[index.row()].number is not None else ""
    return f"{Kind.FIELD}:{model.form.blocks[index.parent().row()].lines[index.row()].field.name}"
