"""The contender of a start: runs a command that prints {"event": "reading"}, "read" and "stepped", and
gives the time from its start to its first step, less the time between the first two.

    start.py COMMAND...
"""

import json
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "peers"))
from protocol import serve


def start_once() -> float:
    begin = time.perf_counter()
    events = {}
    with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            events[json.loads(line).get("event")] = time.perf_counter()
    if "stepped" not in events:
        sys.exit(1)  # it has said why
    return events["stepped"] - begin - (events["read"] - events["reading"])


serve("", lambda times: (sum(start_once() for _ in range(times)), None))
