"""One command run to its end: what it printed, how it ended, and what it took, as the kernel counted for that process."""

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass


@dataclass
class Run:
    """Times in seconds, memory in MiB. `end` is empty where the command ended by itself with `status`."""

    status: int
    end: str
    wall: float
    cpu: float
    memory: float


def run(command, out, err, patience, folder):
    """Runs `command` in `folder`, its stdout and stderr into the files `out` and `err`, and kills it after `patience` seconds."""
    with open(out, "wb") as stdout, open(err, "wb") as stderr:
        began = time.monotonic()
        # In a group of its own, so that what it started dies with it.
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, cwd=folder, process_group=0)
        late = threading.Event()

        def stop():
            late.set()
            os.killpg(child.pid, signal.SIGKILL)

        clock = threading.Timer(patience, stop)
        clock.start()
        # Not reaped before the clock is stopped: until then the process id is this child's.
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        wall = time.monotonic() - began
        clock.cancel()
        clock.join()
        _, status, usage = os.wait4(child.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    child.returncode = code
    end = ""
    if late.is_set():
        end = f"no end within {patience:.0f} s"
    elif code < 0:
        end = f"ended by {signal.Signals(-code).name}"
    # Linux counts ru_maxrss in KiB, and counts this process's own before the command replaces it.
    return Run(code, end, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
