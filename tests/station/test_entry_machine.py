"""Any sequence of files and papers, mending, refusals, second readings, approvals and restarts, against a
shadow that is obviously right: nothing is accepted with a blocking error, or without its needed approval,
second reading or retyped totals.

The shadow of one protocol is where it stands, who had a hand in what, and the list of what was accepted.
An act that the shadow does not allow has to raise a known error and to leave everything as it was.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.documents.batch import Source
from app.election.checks import judge
from app.election.circumstances import Circumstances
from app.election.controls import state as state_form
from app.election.errors import KnownError
from app.election.model import ProtocolKey
from app.station.config import RetypeRule
from app.station.figures import COUNTS, figures
from app.station.offers import Offer
from app.station.states import Role, State, User, identity
from app.station.station import Station
from tests.support.entry_shadow import (
    ALL,
    ANNA,
    KEYS,
    REFERENCE,
    SUSAN,
    TOM,
    USERS,
    Done,
    Figures,
    Made,
    Shadow,
    Typed,
    differing,
    paper,
    protocol,
)
from tests.support.invented_election import stated
from tests.support.station_world import Clock, file_of, make_station


@cache
def _blank_folder() -> Path:
    base = Path(tempfile.mkdtemp(prefix="prebirka-entry-machine-"))
    atexit.register(shutil.rmtree, base)
    return make_station(base, REFERENCE, retype=RetypeRule.ALWAYS)


class EntryMachine(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="prebirka-entry-machine-")) / "station"
        shutil.copytree(_blank_folder(), self.folder)
        self.clock = Clock()
        self.station = Station.open(self.folder, self.clock)
        self.shadows = {key: Shadow() for key in KEYS}

    def teardown(self) -> None:
        if hasattr(self, "station"):
            try:
                assert self.station.journal.first_broken() is None
            finally:
                self.station.close()
                shutil.rmtree(self.folder.parent)

    # What people do most comes most often, so that a walk gets far; what must not be done comes as well.
    keys, users = st.sampled_from([KEYS[1], KEYS[1], KEYS[0]]), st.sampled_from(USERS)
    papers = st.sampled_from([*ALL, *ALL, Figures(1, ""), Figures(2, ""), Figures(1, "passable")])
    acts = st.sampled_from(["", "", "", "", "accept", "hold", "refuse", "correct"])
    retypings = st.sampled_from(["right", "right", "right", "wrong", "none"])

    # --- files ---

    @rule(key=keys, said=papers, user=users, act=acts, retyped=retypings)
    def file(self, key: ProtocolKey, said: Figures, user: User, act: str, retyped: str) -> None:
        offer = self._file(key, said, retyped)
        self._decide(key, Made(said, Source.FILE, set()), offer, user, act, typed=retyped == "right")

    # --- typing ---

    @rule(key=keys, said=papers, user=users, finish=st.booleans())
    def type_first(self, key: ProtocolKey, said: Figures, user: User, finish: bool) -> None:
        shadow = self.shadows[key]
        mine = shadow.first is None or shadow.first.owner == user
        with self._allowed(mine and shadow.second is None and shadow.held is None) as ok:
            draft = self.station.entries.begin(key, user)
            self._type(draft.id, key, said, user, finish)
        if ok:
            hands = shadow.first.hands if shadow.first else set()
            shadow.first = Typed(user, {*hands, user.identity}, said, finish)

    @rule(key=keys, said=papers, user=users, finish=st.booleans())
    def type_second(self, key: ProtocolKey, said: Figures, user: User, finish: bool) -> None:
        shadow = self.shadows[key]
        first, second = shadow.first, shadow.second
        may = first is not None and first.finished and user.identity not in first.hands
        mine = second is None or (second.owner == user and not second.compared)
        with self._allowed(may and mine and shadow.held is None) as ok:
            draft = self.station.entries.begin_second(key, user)
            assert second is not None or not draft.values
            self._type(draft.id, key, said, user, finish)
        if ok:
            hands = second.hands if second else set()
            shadow.second = Typed(user, {*hands, user.identity}, said, finish)
            shadow.settled = None

    @rule(key=keys, said=papers, other=st.none() | papers, pair=st.permutations(USERS))
    def type_both(self, key: ProtocolKey, said: Figures, other: Figures | None, pair: list[User]) -> None:
        shadow = self.shadows[key]
        if shadow.held is None and shadow.first is None:
            self.type_first(key, said, pair[0], True)
            self.type_second(key, other or said, pair[1], True)

    @rule(key=keys, said=papers, pair=st.permutations(USERS), act=acts)
    def take_a_paper_in(self, key: ProtocolKey, said: Figures, pair: list[User], act: str) -> None:
        self.type_both(key, said, None, pair)
        self.close(key, pair[1])
        self.decide_closed(key, pair[0], act)

    @rule(key=keys)
    def compare(self, key: ProtocolKey) -> None:
        shadow = self.shadows[key]
        with self._allowed(self._both(shadow)) as ok:
            found = set(self.station.entries.compare(key))
        if ok:
            assert shadow.first is not None
            assert shadow.second is not None
            shadow.second.compared = True
            expected = differing(key, shadow.first.said, shadow.second.said)
            assert found == (set() if shadow.settled else expected)

    @rule(key=keys, user=users, which=st.booleans(), reason=st.sampled_from(["", "přepsaná číslice"]))
    def settle(self, key: ProtocolKey, user: User, which: bool, reason: str) -> None:
        """Every differing field with what one of the readings says."""
        shadow = self.shadows[key]
        if not self._both(shadow) or shadow.held is not None:
            return
        assert shadow.first is not None
        assert shadow.second is not None
        picked = shadow.first if which else shadow.second
        others = user.identity not in picked.hands
        answered = user.role is Role.SUPERVISOR and bool(reason)
        fields = differing(key, shadow.first.said, shadow.second.said)
        if not fields:
            return
        shadow.second.compared = True
        with self._allowed(others or answered) as ok:
            for box in fields:
                self.station.entries.settle(key, box, paper(key, picked.said)[box], user, reason)
        if ok:
            before = shadow.settled[1] if shadow.settled else set()
            shadow.settled = (picked.said, {*before, user.identity} if before else {user.identity})

    @rule(key=keys, user=users)
    def close(self, key: ProtocolKey, user: User) -> None:
        shadow = self.shadows[key]
        first, second = shadow.first, shadow.second
        both = self._both(shadow) and shadow.held is None
        agreed = first is not None and second is not None and not differing(key, first.said, second.said)
        with self._allowed(both and (agreed or shadow.settled is not None)) as ok:
            self.station.entries.close(key, user)
        if both and second is not None:
            second.compared = True
        if ok:
            assert first is not None
            assert second is not None
            said, settlers = shadow.settled or (first.said, set())
            shadow.closing = Made(said, Source.PAPER, {*first.hands, *second.hands, *settlers, user.identity})
            shadow.read_twice.add(said)
            shadow.first = shadow.second = shadow.settled = None

    @rule(key=keys, user=users, second=st.booleans())
    def take_over(self, key: ProtocolKey, user: User, second: bool) -> None:
        shadow = self.shadows[key]
        typed, other = (shadow.second, shadow.first) if second else (shadow.first, shadow.second)
        if typed is None:
            return
        free = typed.owner == user or other is None or user.identity not in other.hands
        with self._allowed(free and shadow.held is None) as ok:
            self.station.entries.take_over(self._draft(key, 2 if second else 1), user, "oběd")
        if ok:
            typed.owner = user
            typed.hands.add(user.identity)

    @rule(key=keys, user=users, second=st.booleans())
    def discard(self, key: ProtocolKey, user: User, second: bool) -> None:
        shadow = self.shadows[key]
        typed = shadow.second if second else shadow.first
        if typed is None:
            return
        may = typed.owner == user or user.role is Role.SUPERVISOR
        with self._allowed(may and shadow.held is None) as ok:
            self.station.entries.discard(self._draft(key, 2 if second else 1), user, "znovu")
        if ok:
            shadow.second = shadow.settled = None
            shadow.first = shadow.first if second else None

    @rule(key=keys, user=users, act=acts)
    def decide_one_reading(self, key: ProtocolKey, user: User, act: str) -> None:
        """One reading can be refused, and nothing else."""
        shadow = self.shadows[key]
        if shadow.first is None:
            return
        offer = self.station.entries.offer(self.station.entries.draft(self._draft(key, 1)))
        if act in ("", "refuse"):
            one = Made(shadow.first.said, Source.PAPER, set())
            self._decide(key, one, offer, user, "refuse")
            # A closed entry that says the very same is the same file, and it was refused.
            if one.decided and shadow.closing is not None and shadow.closing.said == one.said:
                shadow.closing.decided = True
        else:
            # Even forged it is one reading only, unless two people have read the very same before.
            whole = shadow.first.said in shadow.read_twice
            for forged in (offer, *(() if whole else (replace(offer, provisional=False),))):
                with self._allowed(False):
                    self._act(forged, user, act)

    # --- what papers and mending make ---

    @rule(key=keys, user=users, act=acts)
    def decide_closed(self, key: ProtocolKey, user: User, act: str) -> None:
        made = self.shadows[key].closing
        offer = self.station.entries.closed(key)
        assert (offer is not None) == (made is not None and not made.decided)
        if offer is not None and made is not None:
            assert set(map(identity, offer.hands)) == made.hands
            self._decide(key, made, offer, user, act)

    @rule(
        key=keys,
        user=users,
        said=papers,
        after=papers,
        of_paper=st.booleans(),
        authorised=st.sampled_from([True, True, False]),
    )
    def mend(
        self, key: ProtocolKey, user: User, said: Figures, after: Figures, of_paper: bool, authorised: bool
    ) -> None:
        shadow, made = self.shadows[key], Made(said, Source.FILE, set())
        if of_paper:
            offer = self.station.entries.closed(key)
            if offer is None or shadow.closing is None:
                return
            made = shadow.closing
        else:
            offer = self._file(key, said, "right")
        boxes = differing(key, made.said, after)
        changes = {box: paper(key, after)[box] for box in boxes}
        with self._allowed(authorised and shadow.held is None and bool(boxes)) as ok:
            self.station.mending.mend(offer, changes, user, authorised, "komise přepočítala")
        if ok:
            made.decided = True
            shadow.mending = Made(after, made.source, {*made.hands, user.identity}, mended=True)

    @rule(key=keys, user=users, act=acts)
    def decide_mended(self, key: ProtocolKey, user: User, act: str) -> None:
        made = self.shadows[key].mending
        offer = self.station.mending.mended(key)
        assert (offer is not None) == (made is not None and not made.decided)
        if offer is not None and made is not None:
            assert offer.reading.corrected == 1
            self._decide(key, made, offer, user, act)

    # --- approval ---

    @rule(
        key=keys,
        user=st.sampled_from([SUSAN, TOM, SUSAN, TOM, ANNA]),
        stale=st.sampled_from([False, False, True]),
    )
    def approve(self, key: ProtocolKey, user: User, stale: bool) -> None:
        shadow = self.shadows[key]
        waiting = self.station.intake.held(key)
        assert bool(waiting) == (shadow.held is not None)
        shown = waiting[0].content_hash if waiting and not stale else "0" * 64
        may = False
        if shadow.held is not None:
            made, holder = shadow.held
            others = user.identity not in {*made.hands, holder.identity}
            may = others and user.role is Role.SUPERVISOR and not stale
        with self._allowed(may) as ok:
            self.station.intake.approve(key, user, shown, "viděno")
        if ok:
            made, holder = shadow.held  # type: ignore[misc]
            shadow.accepted.append(Done(made, holder.name, user.name))
            shadow.held, shadow.state = None, State.ACCEPTED

    @rule(key=keys, user=users)
    def send_back(self, key: ProtocolKey, user: User) -> None:
        shadow = self.shadows[key]
        with self._allowed(shadow.held is not None) as ok:
            self.station.intake.send_back(key, user, "podívejte se znovu")
        if ok:
            made, _ = shadow.held  # type: ignore[misc]
            made.decided = False
            shadow.held = None
            shadow.state = State.ACCEPTED if shadow.accepted else State.AWAITED

    @rule()
    def restart(self) -> None:
        self.station.close()
        self.station = Station.open(self.folder, self.clock)

    # --- what must hold ---

    @invariant()
    def the_store_is_the_shadow_s(self) -> None:
        if not hasattr(self, "station"):
            return
        self.clock.advance(1)
        for key, shadow in self.shadows.items():
            row = self.station.row(key)
            assert row is not None
            assert (row.state, row.revision) == (shadow.state, len(shadow.accepted))
            assert (row.deadline is not None) == (shadow.state is State.REFUSED)
            typed = [one for one in (shadow.first, shadow.second) if one is not None]
            assert row.typist == (typed[-1].owner.name if typed else "")
            drafts = self.station.entries.drafts(key)
            assert [(d.owner, d.state == "finished") for d in drafts] == [
                (one.owner.name, one.finished) for one in typed
            ]
            self._accepted_rightly(key, shadow)

    def _accepted_rightly(self, key: ProtocolKey, shadow: Shadow) -> None:
        """Every revision in the store was allowed to be there."""
        versions = self.station._store.rows(
            "SELECT * FROM versions WHERE contest = ? ORDER BY revision", (key.contest.value,)
        )
        assert len(versions) == len(shadow.accepted)
        for number, (version, done) in enumerate(zip(versions, shadow.accepted, strict=True), 1):
            made = done.made
            assert made.said.acceptable
            assert made.said.right or done.approver is not None
            if done.approver is not None:
                assert identity(done.approver) not in {*made.hands, identity(done.by)}
            assert made.source is Source.FILE or len(made.hands) >= 2
            assert (version["source"], version["accepted_by"], version["approved_by"]) == (
                made.source, done.by, done.approver,
            )  # fmt: skip
            assert version["corrected"] == (made.mended or number > 1)
            assert version["passable_error"] == (made.said.flaw == "passable")
        current = self.station.intake.current(key)
        if current is not None:
            expected = protocol(key, shadow.accepted[-1].made.said)
            flags = {"corrected": current[1].corrected, "passable_error": current[1].passable_error}
            assert current[1] == replace(expected, **flags)
            verdict = judge(
                state_form(current[1], REFERENCE.election.code, REFERENCE.election.rules.form_version),
                Circumstances(REFERENCE),
            )
            assert not verdict.blocking

    # --- how ---

    def _decide(
        self, key: ProtocolKey, made: Made, offer: Offer, user: User, act: str, typed: bool = True
    ) -> None:
        """Accept, hold, refuse or correct an offer, if the shadow allows it; "" is what people would do."""
        shadow = self.shadows[key]
        if not act and not made.said.acceptable:
            act = "refuse"
        elif not act:
            act = "correct" if shadow.accepted else "accept" if made.said.right else "hold"
        free, done = shadow.held is None, shadow.accepted
        # Only the flag of a mending is a difference too: OPRAVA belongs to what a protocol says.
        flagged = len(done) > 1 or (bool(done) and done[-1].made.mended)
        differs = bool(done) and (done[-1].made.said != made.said or (made.mended and not flagged))
        may = {
            "accept": not done and made.said.right and typed,
            "hold": not done and made.said.acceptable and typed,
            "refuse": not done,
            "correct": differs and made.said.acceptable and typed,
        }[act]
        with self._allowed(free and may) as ok:
            self._act(offer, user, act)
        if not ok:
            return
        made.decided = True
        if act == "refuse":
            shadow.state = State.REFUSED
        elif act == "hold" or (act == "correct" and not made.said.right):
            shadow.held, shadow.state = (made, user), State.HELD
        else:
            shadow.accepted.append(Done(made, user.name, None))
            shadow.state = State.ACCEPTED

    def _act(self, offer: Offer, user: User, act: str) -> None:
        intake = self.station.intake
        if act == "accept":
            intake.accept(offer, user)
        elif act == "hold":
            intake.hold(offer, user, "k posouzení")
        elif act == "refuse":
            intake.refuse(offer, user, "nesedí")
        else:
            again = intake.as_correction(offer, user, "oprava")
            if again.can_accept:
                intake.accept(again, user)
            else:
                intake.hold(again, user, "obálka")

    def _file(self, key: ProtocolKey, said: Figures, retyped: str) -> Offer:
        # A blank line more than a typed protocol's own file: other bytes, the same protocol.
        data = file_of(stated(REFERENCE, protocol(key, said))) + b"\n"
        (offer,) = self.station.intake.read_bytes("zapis.xml", data)
        if retyped == "none":
            return offer
        stands = figures(offer.reading)
        typed = {field: stands.get(field) for field in self.station.retype.expected_fields(offer)}
        if retyped == "wrong":
            typed[COUNTS[0]] = (typed[COUNTS[0]] or 0) + 1
        return self.station.retype.judged(offer, typed)

    def _type(self, draft_id: int, key: ProtocolKey, said: Figures, user: User, finish: bool) -> None:
        for box, value in paper(key, said).items():
            self.station.entries.save(draft_id, box, value, user)
        if finish:
            self.station.entries.finish(draft_id, user)

    def _draft(self, key: ProtocolKey, number: int) -> int:
        return next(draft.id for draft in self.station.entries.drafts(key) if draft.number == number)

    def _both(self, shadow: Shadow) -> bool:
        return shadow.first is not None and shadow.second is not None and shadow.second.finished

    @contextmanager
    def _allowed(self, may: bool) -> Iterator[list[bool]]:
        """The block succeeds when it may; else it raises a known error. Tells (truthy) whether it did."""
        ok: list[bool] = []
        if may:
            yield ok
            ok.append(True)
        else:
            with pytest.raises(KnownError):
                yield ok


TestEntryMachine = EntryMachine.TestCase
TestEntryMachine.settings = settings(max_examples=35, stateful_step_count=50, deadline=None)
