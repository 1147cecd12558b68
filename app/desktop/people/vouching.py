"""Another person proves at an open desk who they are: a name and a password, checked off the main thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.desktop.background import Operations
from app.desktop.people.password_box import PasswordBox
from app.desktop.texts import language, t
from app.desktop.widgets import FittingDialog, act_button, heading, labelled_box
from app.election.errors import KnownError
from app.station.permissions import Permission, may
from app.station.states import User, identity
from app.station.station import Station

#: Checks a name and a password: the call, then who it is, or why not.
Check = Callable[[str, str], User]


class Vouching(QObject):
    """Asks the station. A bug goes on to `bug`."""

    bug = Signal(object)

    def __init__(self, station: Station, user: Callable[[], User], parent: QObject) -> None:
        super().__init__(parent)
        self._signing, self._accounts, self._user = station.users.signing, station.users.accounts, user
        self._work = Operations("vouching", self)

    def for_act(self, permission: Permission) -> Check:
        """Another person stands behind one act."""
        at_desk_of = self._user()
        return lambda name, password: self._signing.vouch(name, password, permission, at_desk_of)

    def for_desk(self) -> Check:
        """Another person goes on at this desk."""
        before = self._user()
        return lambda name, password: self._signing.relieve(name, password, before)

    def only_one(self, permission: Permission, not_this: str) -> str:
        """The name of the one person who may, when there is exactly one beside `not_this`."""
        names = [
            one.name
            for one in self._accounts.all()
            if one.active and may(one.role, permission) and identity(one.name) != identity(not_this)
        ]
        return names[0] if len(names) == 1 else ""

    def run(
        self,
        check: Check,
        name: str,
        password: str,
        done: Callable[[User], None],
        refused: Callable[[str], None],
        context: QObject,
    ) -> None:
        """`done` with the person, or `refused` with a sentence."""

        def failed(error: BaseException) -> None:
            if isinstance(error, KnownError):
                refused(error.cs if language() == "cs" else error.en)
            else:
                self.bug.emit(error)

        self._work.start(lambda: check(name, password), done, failed, context)

    def close(self, patience: float) -> bool:
        return self._work.close(patience)


class VouchDialog(FittingDialog):
    """A name and a password of a person other than `not_this`. Emits `given(user)`."""

    given = Signal(object)

    def __init__(
        self, about: str, not_this: str, vouching: Vouching, check: Check, parent: QWidget, name: str = ""
    ) -> None:
        """With `name` the person begins the second entry, without it they read one field."""
        super().__init__(parent)
        self._not_this, self._vouching, self._check = not_this, vouching, check
        self.setWindowTitle(t("person.title"))
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        self.name = QLineEdit(name, self)
        self.name.setAccessibleName(t("person.name"))
        self.password = PasswordBox(t("vouch.person_password"), self)
        self.hint = heading("", self, "whyNot")
        act = "begin_second" if name else "person_reads"
        self.yes = act_button(act, "", "passed", self, "primary")
        self.no = act_button("cancel", "", "back", self)
        self.yes.setDefault(True)
        acts = QHBoxLayout()
        acts.addWidget(self.yes)
        acts.addWidget(self.no)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        column.addWidget(heading(about, self, "pageTitle"))
        text = t("vouch.second") if name else t("person.text")
        column.addWidget(heading(text, self, "plain"))
        column.addLayout(labelled_box(t("person.name"), self.name, self))
        column.addLayout(labelled_box(t("vouch.person_password"), self.password, self))
        column.addWidget(self.hint)
        column.addLayout(acts)
        self.name.textChanged.connect(self._judge)
        self.password.line.textChanged.connect(self._judge)
        self.password.caps_changed.connect(lambda _on: self._judge())
        self.yes.clicked.connect(self._give)
        self.no.clicked.connect(self.reject)
        self._judge()
        (self.password if name else self.name).setFocus()

    @Slot()
    def _judge(self) -> None:
        name = self.name.text()
        own = identity(name) == identity(self._not_this)
        self.yes.setEnabled(bool(identity(name) and self.password.text) and not own)
        said = t("second.own", user=self._not_this) if own else ""
        if not own and not self.password.text:
            said = t("vouch.missing")
        self.hint.setText(" ".join(filter(None, [said, t("password.caps") if self.password.caps else ""])))

    @Slot()
    def _give(self) -> None:
        if self.yes.isEnabled():
            self.yes.setEnabled(False)
            self.hint.setText(t("vouch.checking"))
            self._vouching.run(
                self._check, self.name.text(), self.password.text, self._proved, self._refused, self
            )

    def _proved(self, user: User) -> None:
        if user.identity == identity(self._not_this):
            self._refused(t("second.own", user=self._not_this))
            return
        self.given.emit(user)
        self.accept()

    def _refused(self, sentence: str) -> None:
        self.password.line.clear()
        self._judge()
        self.hint.setText(sentence)
        self.password.setFocus()
