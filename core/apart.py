"""Work in processes of their own, where it holds up nothing here, and whose memory is free when it is done.

Each piece of work is forked from a template: a copy of this process from before it had threads, in which nothing ever
happens. So all modules are imported already, and no lock of another thread is held for ever.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Generic, NoReturn, Self, TypeVar

Result = TypeVar("Result")

POSSIBLE = sys.platform == "linux"  # elsewhere libraries of the system do not stand a fork
NICE = 5  # the pages go first where the processors are few
PROTOCOL = 5  # of pickle: arrays are written and read as they lie in memory
ID_BYTES = 4  # of the number of a process
PERCENT, RESULT_FOLLOWS = range(101), 255  # bytes that a process sends: how much is done; the result comes next


class ProcessEnded(Exception):
    """The process ended in the middle of its work: most often there was too little memory for it."""


class TemplateEnded(Exception):
    """There is no template to fork from any more."""


class Template:
    """The process that those of the work are forked from. Make it before the first thread is started."""

    def __init__(self) -> None:
        self._here, there = socket.socketpair()
        self.process = os.fork()
        if self.process == 0:
            self._here.close()
            end_with(run_template, there)
        there.close()

    def begin(
        self, function: Callable[..., Result], *args: Any, reports: bool = False, nice: int = NICE
    ) -> Work[Result]:
        """Begins to run a function of some module. Safe from any thread.

        Function, arguments and result are pickled. reports: the function takes an argument `report`, a function that it
        calls with the share of its work that is done. nice: NICE or more, and the more, the later it has its turn.
        Raises ProcessEnded where the process did not live to begin, and TemplateEnded where the template has ended.
        """
        here, there = socket.socketpair()
        try:
            with there:
                socket.send_fds(self._here, [b"!"], [there.fileno()])
        except OSError as error:
            here.close()
            raise TemplateEnded from error
        return Work(here, function, args, {"reports": reports, "nice": nice})

    def run(self, function: Callable[..., Result], *args: Any) -> Result:
        """The result of a function, as `begin` runs it, or the exception that it raised."""
        with self.begin(function, *args) as work:
            return work.result()

    def close(self) -> None:
        """Ends the template. What is being done is finished without it."""
        self._here.close()
        with suppress(ChildProcessError):
            os.waitpid(self.process, 0)


class Work(Generic[Result]):
    """A function that runs in a process of its own. As a context it ends the process, whatever comes of it here.

    share: of its work that is done, from 0 to 1, as far as the function says.
    """

    def __init__(
        self,
        connection: socket.socket,
        function: Callable[..., Result],
        args: tuple[Any, ...],
        options: Mapping[str, int],
    ) -> None:
        self.share = 0.0
        self._connection, self._name, self._answered = connection, function.__name__, False
        self._process = 0
        try:
            self._process = int.from_bytes(connection.recv(ID_BYTES, socket.MSG_WAITALL))
            with connection.makefile("wb") as pipe:
                pickle.dump((function, args, options), pipe, PROTOCOL)
        except OSError as error:
            self.end()
            raise self._ended() from error
        except BaseException:
            self.end()
            raise

    def wait(self, seconds: float | None = None) -> bool:
        """Whether the result is there. Waits for it, or for more of the work to be done, at most so many seconds.

        Raises ProcessEnded where the process did not live to answer.
        """
        if self._answered:
            return True
        self._connection.settimeout(seconds)
        try:
            found = self._connection.recv(1)
        except (TimeoutError, BlockingIOError):  # the latter after no seconds at all
            return False
        except OSError as error:
            raise self._ended() from error
        if not found:
            self._process = 0  # it is gone: its number may soon be another one's
            raise self._ended()
        self._answered = found[0] == RESULT_FOLLOWS
        if not self._answered:
            self.share = found[0] / PERCENT[-1]
        return self._answered

    def result(self) -> Result:
        """The result of the function, once it is there, or the exception that it raised. It can be taken once.

        Raises ProcessEnded where the process did not live to answer.
        """
        while not self.wait():
            pass
        self._connection.settimeout(None)
        try:
            with self._connection.makefile("rb") as pipe:
                worked, result = pickle.load(pipe)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise self._ended() from error
        self.end()
        if not worked:
            raise result
        return result

    def end(self) -> None:
        """Ends the process, if it still runs, and with it all that it holds."""
        if self._process and not self._answered:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
        self._process = 0
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _ended(self) -> ProcessEnded:
        return ProcessEnded(f"the process that ran {self._name} has ended")


class Done(Work[Result]):
    """A function that has run here, where there is no template to fork from."""

    def __init__(self, result: Result) -> None:
        self.share, self._answered, self._result = 1.0, True, result

    def result(self) -> Result:
        return self._result

    def end(self) -> None:
        """Nothing is left to end."""


def run_template(asked: socket.socket) -> None:
    """Forks a process for each connection that comes, until no more can."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that asks
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the end of the forked ones
    while True:
        message, (*files,), _, _ = socket.recv_fds(asked, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            asked.close()
            end_with(answer, socket.socket(fileno=files[0]))
        os.close(files[0])


def answer(connection: socket.socket) -> None:
    """Runs the function that comes, and sends whether it returned, and what it returned or raised."""
    os.nice(NICE)
    with connection, connection.makefile("rwb") as pipe, suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(os.getpid().to_bytes(ID_BYTES))
        try:
            function, args, options = pickle.load(pipe)
            os.nice(options["nice"] - NICE)
            named = {"report": Reporter(connection)} if options["reports"] else {}
            found = pickle.dumps((True, function(*args, **named)), PROTOCOL)
        except Exception as error:
            error.add_note("In the other process:\n" + "".join(traceback.format_tb(error.__traceback__)))
            found = pickle.dumps((False, error), PROTOCOL)
        pipe.write(bytes([RESULT_FOLLOWS]))
        pipe.write(found)


class Reporter:
    """Sends the share of a piece of work that is done, when another percent is."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection, self.percent = connection, 0

    def __call__(self, share: float) -> None:
        percent = PERCENT[int(share * PERCENT[-1])]
        if percent != self.percent:
            self.percent = percent
            self.connection.sendall(bytes([percent]))


def end_with(work: Callable[[socket.socket], None], connection: socket.socket) -> NoReturn:
    """Ends a forked process with its work, whatever comes of it: it is never to go on where it was forked."""
    try:
        work(connection)
    finally:
        os._exit(0)


_template: Template | None = None


def start() -> None:
    """Makes the template, where the system can. Call it before the first thread is started."""
    global _template
    if POSSIBLE and _template is None:
        _template = Template()


def begin(function: Callable[..., Result], *args: Any, reports: bool = False, nice: int = NICE) -> Work[Result]:
    """As `Template.begin`, by the template that was started. Without one, the function has run here when this returns.

    What it says of its progress is then heard by nobody.
    """
    if _template:
        with suppress(TemplateEnded):
            return _template.begin(function, *args, reports=reports, nice=nice)
    return Done(function(*args, **({"report": lambda _: None} if reports else {})))


def run(function: Callable[..., Result], *args: Any) -> Result:
    """The result of a function, as `begin` runs it, or the exception that it raised."""
    with begin(function, *args) as work:
        return work.result()


def close() -> None:
    """Ends the template."""
    global _template
    if _template:
        _template.close()
        _template = None
