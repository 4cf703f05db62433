"""Run a command several times, each in a process of its own; prints seconds and peak memory as JSON.

Itself small on purpose: the kernel counts the memory of the process that starts another as that one's peak,
so the starter must be smaller than what it measures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def measure(command: list[str]) -> tuple[float, int]:
    """Seconds to the end of the command, and its peak memory in kibibytes (as Linux counts)."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}: exit status {process.returncode}")
    return seconds, usage.ru_maxrss


if __name__ == "__main__":
    times, *wanted = sys.argv[1:]
    print(json.dumps([measure(wanted) for _ in range(int(times))]))
