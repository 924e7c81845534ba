"""Another process: it works where it holds up nothing here, and its end is an error that can be met."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread

import numpy as np
import pytest

import core.apart
from core.apart import POSSIBLE, ProcessEnded, Template, TemplateEnded

ROOT = Path(__file__).parents[1]
PATIENCE = 10.0  # seconds

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="no process is forked on this system")


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    made = Template()
    yield made
    made.close()


def test_results_come_back_whole_and_from_another_process(template: Template) -> None:
    assert template.run(os.getpid) != os.getpid()
    array = np.random.default_rng(0).normal(size=(300, 200))
    assert np.array_equal(template.run(np.transpose, array), array.T)


def test_what_a_function_prints_is_no_answer(template: Template) -> None:
    assert template.run(print, "a line on standard output") is None
    assert template.run(len, "abc") == 3


def test_an_exception_is_raised_here_and_says_where_it_came_from(template: Template) -> None:
    with pytest.raises(ValueError, match="invalid literal") as raised:
        template.run(int, "three")
    assert "In the other process" in "".join(raised.value.__notes__)
    assert template.run(int, "3") == 3


def test_a_process_that_ends_in_the_middle_is_an_error_and_the_next_one_works(template: Template) -> None:
    with pytest.raises(ProcessEnded, match="kill_own_process has ended"):
        template.run(kill_own_process)
    assert template.run(len, "abc") == 3


def test_progress_is_told_as_it_is_made_and_the_result_comes_after_it(template: Template, tmp_path: Path) -> None:
    with template.begin(wait_for, tmp_path / "go", reports=True) as work:
        assert work.share == 0
        while not work.share:
            assert not work.wait(PATIENCE)
        assert work.share == 0.5
        assert not work.wait(0)
        (tmp_path / "go").touch()
        assert work.result() != os.getpid()


def test_work_that_is_left_is_ended_and_all_it_holds_is_free(template: Template, tmp_path: Path) -> None:
    with template.begin(wait_for, tmp_path / "never", reports=True) as work:
        while not work.share:
            work.wait(PATIENCE)
        process = int((tmp_path / "never.process").read_text())
        assert Path(f"/proc/{process}").exists()
    assert is_gone(process)
    assert template.run(len, "abc") == 3


def test_a_process_that_is_killed_from_outside_is_an_error_to_who_waits(template: Template, tmp_path: Path) -> None:
    with template.begin(wait_for, tmp_path / "never", reports=True) as work:
        while not work.share:
            work.wait(PATIENCE)
        os.kill(int((tmp_path / "never.process").read_text()), signal.SIGKILL)
        with pytest.raises(ProcessEnded, match="wait_for has ended"):
            work.wait(PATIENCE)


def test_the_memory_of_a_piece_of_work_is_free_when_it_is_done(template: Template) -> None:
    before = resident(template.process)
    assert template.run(size_of_ones, 20_000_000) == 160_000_000
    assert resident(template.process) < before + 20  # MB; the array had 160


def test_the_template_ends_with_the_process_that_made_it() -> None:
    script = (
        "from core.apart import Template; import os; print(Template().process, flush=True); os.kill(os.getpid(), 9)"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, timeout=30, check=False)
    assert is_gone(int(found.stdout))


def test_pieces_of_work_do_not_wait_for_each_other(template: Template) -> None:
    both = Barrier(2)

    def wait() -> None:
        both.wait(10)
        template.run(time.sleep, 0.5)

    begun = time.monotonic()
    threads = [Thread(target=wait) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert time.monotonic() - begun < 0.9


def test_a_template_that_has_ended_says_so_and_what_is_run_runs_here(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = Template()
    os.kill(ended.process, signal.SIGKILL)
    os.waitpid(ended.process, 0)
    with pytest.raises(TemplateEnded):
        ended.run(os.getpid)
    monkeypatch.setattr(core.apart, "_template", ended)
    assert core.apart.run(os.getpid) == os.getpid()
    with core.apart.begin(report_half, reports=True) as work:
        assert work.wait(0)
        assert work.result() == os.getpid()
    core.apart.close()
    assert core.apart.run(os.getpid) == os.getpid()
    core.apart.start()
    assert core.apart.run(os.getpid) != os.getpid()
    core.apart.close()


def wait_for(path: Path, report: Callable[[float], None]) -> int:
    """Writes down its process, is half done, and ends when there is a file at this path."""
    path.with_suffix(".process").write_text(str(os.getpid()))
    report(0.5)
    while not path.exists():
        time.sleep(0.01)
    return os.getpid()


def report_half(report: Callable[[float], None]) -> int:
    report(0.5)
    return os.getpid()


def is_gone(process: int) -> bool:
    """Whether a process is gone soon."""
    end = time.monotonic() + PATIENCE
    while (there := Path(f"/proc/{process}").exists()) and time.monotonic() < end:
        time.sleep(0.02)
    return not there


def size_of_ones(count: int) -> int:
    return np.ones(count).nbytes


def kill_own_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def resident(process: int) -> float:
    """Resident memory of a process, MB."""
    return int(re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())[1]) / 1000
