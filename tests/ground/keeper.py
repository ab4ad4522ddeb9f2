"""Keeps one server process: ends it when standard input closes, also because its user died.

Arguments: the user to run as (or nothing), the folder to remove at the end, then
the command. Standard library only.
"""

import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path


def main() -> None:
    user, home, command = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            command, user=user or None, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home
        )
    told = threading.Thread(target=sys.stdin.buffer.readline, daemon=True)
    told.start()
    while told.is_alive() and server.poll() is None:
        told.join(0.2)
    if server.poll() is None:
        # Quick: nobody needs what is in it any more.
        server.send_signal(signal.SIGQUIT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    if not told.is_alive():  # else it died by itself, and its starter wants to read the log
        shutil.rmtree(home, ignore_errors=True)


main()
