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
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

Result = TypeVar("Result")

POSSIBLE = sys.platform == "linux"  # elsewhere libraries of the system do not stand a fork
NICE = 5  # the pages go first where the processors are few
PROTOCOL = 5  # of pickle: arrays are written and read as they lie in memory


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

    def run(self, function: Callable[..., Result], *args: Any) -> Result:
        """The result of a function of some module, or the exception that it raised. Safe from any thread.

        Function, arguments and result are pickled. Raises ProcessEnded where the process did not live to answer, and
        TemplateEnded where the template has ended.
        """
        here, there = socket.socketpair()
        with here:
            try:
                with there:
                    socket.send_fds(self._here, [b"!"], [there.fileno()])
            except OSError as error:
                raise TemplateEnded from error
            try:
                with here.makefile("rwb") as pipe:
                    pickle.dump((function, args), pipe, PROTOCOL)
                    pipe.flush()
                    worked, result = pickle.load(pipe)
            except (EOFError, OSError, pickle.UnpicklingError) as error:
                raise ProcessEnded(f"the process that ran {function.__name__} has ended") from error
        if not worked:
            raise result
        return result

    def close(self) -> None:
        """Ends the template. What is being done is finished without it."""
        self._here.close()
        with suppress(ChildProcessError):
            os.waitpid(self.process, 0)


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
        try:
            function, args = pickle.load(pipe)
            found = pickle.dumps((True, function(*args)), PROTOCOL)
        except Exception as error:
            error.add_note("In the other process:\n" + "".join(traceback.format_tb(error.__traceback__)))
            found = pickle.dumps((False, error), PROTOCOL)
        pipe.write(found)


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


def run(function: Callable[..., Result], *args: Any) -> Result:
    """As `Template.run`, by the template that was started. Without one, the function runs here."""
    if _template:
        with suppress(TemplateEnded):
            return _template.run(function, *args)
    return function(*args)


def close() -> None:
    """Ends the template."""
    global _template
    if _template:
        _template.close()
        _template = None
