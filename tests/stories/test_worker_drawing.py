"""The worker sets type for seconds: meanwhile letters go out and statements are published."""

import threading
from datetime import timedelta

from tests.ground.application import settings_for
from tests.stories.test_worker_kill import circulated, sent, wait_until
from workflow import clock, worker
from workflow.mail.drawing import have_drawn_anew


class _Anybody:
    """Takes every letter."""

    def send(self, message):
        del message


def test_type_that_is_set_for_long_holds_up_nothing_else(sqlite_database, tmp_path, monkeypatch):
    statement = circulated(sqlite_database).statement.id
    with sqlite_database.sessions() as session:
        for _ in range(worker.HANDS):
            have_drawn_anew(session, statement, clock.now() - timedelta(minutes=1))
        session.commit()
    begun, enough, stop = [], threading.Event(), threading.Event()

    def slow(*_):
        begun.append(threading.current_thread())
        return enough.wait(60)

    monkeypatch.setattr(worker.drawing, "draw", slow)
    monkeypatch.setattr(worker, "sender_for", lambda url: _Anybody())
    thread = threading.Thread(target=worker.loop, args=(settings_for(sqlite_database.url, tmp_path), stop))
    thread.start()
    try:
        wait_until(lambda: begun and sent(sqlite_database) == 3)
        assert len(begun) == 1, "one hand alone sets type"
    finally:
        enough.set()
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
