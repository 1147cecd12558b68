"""The line: a proxy between stations and centre that knows where requests and answers begin and end.

Each request meets at most one fault, drawn from the run's seed and the request's number, until `calm`.
Then what was held back arrives at last, and everything goes through. A request that would be waited for
without end is cut after a moment: what a time-out means is the same, only sooner.
"""

from __future__ import annotations

import random
import socket
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress

from app.rehearsal.faults import mischief
from app.rehearsal.faults.ends import Ends
from app.rehearsal.faults.kinds import IN_THE_HANDSHAKE, Fault
from app.rehearsal.faults.scene import Forger, Moment, seeded

_PATIENCE = 0.15
_CALM_PATIENCE = 20.0
_DELAY = 0.03
Address = Callable[[], tuple[str, int]]


class Line:
    """A listening proxy; `url` is where stations find it. Close it, or use it in a `with`."""

    def __init__(
        self,
        centre: Address,
        seed: str,
        faults: Sequence[Fault],
        rate: float,
        forger: Forger,
        clock: Moment,
        ends: Ends | None = None,
    ) -> None:
        """`faults` come to `rate` of all requests; `centre` tells where the centre is now. With `ends` the
        stations' side is TLS, and its handshakes have their faults at the same rate."""
        self.events: Counter[Fault] = Counter()
        self.fooled: list[str] = []  # wrong ends that a station spoke to
        self._ends, self._handshakes = ends, 0
        self._centre, self._seed, self._faults, self._rate = centre, seed, faults, rate
        self._forger, self._clock = forger, clock
        self._guard = threading.Lock()
        self._number = 0
        self._late: list[tuple[int, bytes]] = []
        self._answers: list[bytes] = []
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"{'https' if ends else 'http'}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, name="line", daemon=True)
        self._thread.start()

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def calm(self) -> None:
        """No more faults; what was held back is delivered now, in an order of its own."""
        with self._guard:
            self._rate = 0.0
            late, self._late = self._late, []
        chance = seeded(self._seed, "calm")
        chance.shuffle(late)
        for _, raw in late:
            self._exchange(raw)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._guard:
            open_ = list(self._open)
        for each in open_:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    # --- connections --------------------------------------------------------------------------------

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._guard:
                self._open.add(client)
            threading.Thread(target=self._serve, args=(client,), name="line", daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            with suppress(OSError):
                client = self._secured(client)
                self._converse(client)
        finally:
            client.close()
            with self._guard:
                self._open.discard(client)

    def _converse(self, client: socket.socket) -> None:
        while raw := _read(client):
            reply = self._treat(raw)
            if not reply.data:
                return
            client.sendall(reply.data)
            if not reply.keeps:
                return

    def _secured(self, client: socket.socket) -> socket.socket:
        """The connection after its handshake. Raises OSError when there is none, which is right for a wrong
        end: a station that goes on with one was fooled."""
        if self._ends is None:
            return client
        with self._guard:
            self._handshakes += 1
            chance = seeded(self._seed, "handshake", self._handshakes)
            fault = chance.choice(IN_THE_HANDSHAKE) if chance.random() < self._rate else None
            if fault is not None:
                self.events[fault] += 1
            self._open.discard(client)
        secured = self._ends.secured(client, fault, chance)
        with self._guard:
            self._open.add(secured)
            if fault is not None:
                self.fooled.append(fault.value)
        return secured

    def _treat(self, raw: bytes) -> _Reply:
        """One request, with its fault."""
        with self._guard:
            self._number += 1
            number = self._number
            chance = seeded(self._seed, "request", number)
            fault = chance.choice(self._faults) if chance.random() < self._rate else None
            due = [each for each in self._late if each[0] <= number]
            self._late = [each for each in self._late if each[0] > number]
        for _, late in due:
            self._exchange(late)
        if fault is None:
            return self._pass(raw)
        reply = _Treatment(self, raw, number, chance).of(fault)
        if reply is None:
            return self._pass(raw)  # it could not be done to this request
        with self._guard:
            self.events[fault] += 1
        return reply

    def _pass(self, raw: bytes) -> _Reply:
        reply = self._exchange(raw)
        if reply:
            with self._guard:
                self._answers.append(reply)
        return _Reply(reply, keeps=True)

    def _exchange(self, raw: bytes, *, listen: bool = True) -> bytes:
        """Bring bytes to the centre on a connection of their own; its answer, or nothing."""
        patience = _PATIENCE if self._rate else _CALM_PATIENCE
        try:
            with socket.create_connection(self._centre(), timeout=2.0) as there:
                there.sendall(raw)
                if not listen:
                    return b""
                there.settimeout(patience)
                return _read(there)
        except OSError:
            return b""


class _Reply:
    """What goes back; nothing: the connection is cut."""

    def __init__(self, data: bytes, *, keeps: bool = False) -> None:
        self.data, self.keeps = data, keeps


class _Treatment:
    """The faults that one request can meet."""

    def __init__(self, line: Line, raw: bytes, number: int, chance: random.Random) -> None:
        self._line, self._raw, self._number, self._chance = line, raw, number, chance

    def of(self, fault: Fault) -> _Reply | None:
        """None: this fault cannot be done to this request."""
        raw, chance, bring = self._raw, self._chance, self._line._exchange
        match fault:
            case Fault.DROP:
                return _Reply(b"")
            case Fault.DELAY:
                threading.Event().wait(chance.uniform(0, _DELAY))
                return self._line._pass(raw)
            case Fault.DUPLICATE:
                replies = [bring(raw) for _ in range(chance.randint(2, 3))]
                return _Reply(chance.choice(replies), keeps=True)
            case Fault.LATE:
                with self._line._guard:
                    self._line._late.append((self._number + chance.randint(1, 8), raw))
                return _Reply(b"")
            case Fault.TRUNCATE_REQUEST:
                bring(mischief.truncated(raw, chance), listen=False)
                return _Reply(b"")
            case Fault.CORRUPT_REQUEST:
                return _Reply(bring(mischief.corrupted(raw, chance)))
            case Fault.CUT_AFTER_REQUEST:
                bring(raw, listen=False)
                return _Reply(b"")
            case Fault.FORGE_REQUEST:
                return self._forged_request()
            case _:
                return self._answered(fault)

    def _answered(self, fault: Fault) -> _Reply | None:
        """Faults of the answer: half of the wrong ones come although the centre took the request."""
        raw, chance = self._raw, self._chance
        made = {
            Fault.STATUS_500: mischief.answer(b"500 Internal Server Error", b"oops"),
            Fault.STATUS_429: mischief.answer(b"429 Too Many Requests", b"", b"retry-after: 2"),
            Fault.GARBAGE: mischief.garbage(chance),
        }
        if fault in made:
            if chance.random() < 0.5:
                self._line._exchange(raw)
            return _Reply(made[fault], keeps=fault is not Fault.GARBAGE)
        reply = self._line._exchange(raw)
        if not reply:
            return None
        if fault is Fault.TRUNCATE_ANSWER:
            return _Reply(mischief.truncated(reply, chance))
        if fault is Fault.CORRUPT_ANSWER:
            return _Reply(mischief.corrupted(reply, chance))
        if fault is Fault.FORGE_ANSWER:
            at = self._line._clock()
            return _or_none(mischief.forged(reply, self._line._forger, True, at, chance))
        if fault is Fault.SWAP:
            with self._line._guard:
                return _or_none(chance.choice(self._line._answers) if self._line._answers else None)
        assert fault is Fault.CUT_BEFORE_ANSWER
        return _Reply(b"")

    def _forged_request(self) -> _Reply | None:
        other = mischief.forged(self._raw, self._line._forger, False, self._line._clock(), self._chance)
        if other is None:
            return None
        answer = self._line._exchange(other)
        # The forger may keep the true one back, or let it follow.
        return _Reply(answer) if self._chance.random() < 0.5 else self._line._pass(self._raw)


def _or_none(data: bytes | None) -> _Reply | None:
    return None if data is None else _Reply(data, keeps=True)


def _read(connection: socket.socket) -> bytes:
    """One whole message of HTTP that states its length; nothing at an end or a pause in the middle."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, body = mischief.split(data)
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
    parts, left = [data], length - len(body)
    while left > 0:
        more = connection.recv(min(left, 1 << 20))
        if not more:
            return b""
        parts.append(more)
        left -= len(more)
    return b"".join(parts)
