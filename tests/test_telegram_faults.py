"""The counted proof: hundreds of questions, a faulty connection, a restart and a kill."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from telegram_api import TOKEN, Fault, Person, TelegramApi

from bot.texts import load_texts

CHATS = 24
ROUNDS = 10
QUESTIONS = [(chat, number) for number in range(ROUNDS) for chat in range(1, CHATS + 1)]
ROOT = Path(__file__).parent.parent
ASKED = re.compile(r"Du frågade: (grön \d+-\d+)")


class Trouble:
    """Faults by the number of the send, so that each kind occurs many times and none forever."""

    def __init__(self) -> None:
        self.sends = self.others = 0
        self.hold = False

    def __call__(self, method: str, params: dict[str, Any]) -> Fault | None:
        if method == "getUpdates":
            return None
        if method != "sendMessage":
            self.others += 1
            return Fault("drop") if self.others % 5 == 0 else None
        self.sends += 1
        if self.hold:
            self.hold = False
            return Fault("hold", seconds=1.0)
        if self.sends in (50, 170):
            return Fault("drop_after")
        for every, fault in (
            (8, Fault(429, retry_after=0.2)),
            (11, Fault(500)),
            (13, Fault("drop")),
            (17, Fault(502)),
        ):
            if self.sends % every == 0:
                return fault
        return None


@contextmanager
def bot(api: TelegramApi, directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    log = directory / f"log-{time.monotonic_ns()}"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "telegram_api.process", api.base_url, str(directory / "data")],
            cwd=ROOT / "tests",
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=file,
            stdout=file,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait(10)
    assert TOKEN not in log.read_text()
    assert "grön" not in log.read_text()


def wait_for(condition: Callable[[], object], *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


def ask(api: TelegramApi, questions: list[tuple[int, int]]) -> None:
    for chat, number in questions:
        Person(api, chat).says(f"grön {chat}-{number}")


def test_every_question_is_answered_once(tmp_path):
    third = len(QUESTIONS) // 3
    trouble = Trouble()
    with TelegramApi(TOKEN, fault=trouble) as api:
        with bot(api, tmp_path) as process:
            ask(api, QUESTIONS[:third])
            wait_for(lambda: len(api.sent) >= third // 4, seconds=20)
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        assert len(api.sent) < third, "the restart found nothing left to do"
        ask(api, QUESTIONS[third : 2 * third])
        with bot(api, tmp_path) as process:
            wait_for(lambda: len(api.sent) >= third + 10, seconds=20)
            ask(api, QUESTIONS[2 * third :])
            trouble.hold = True
            held = ("sendMessage", Fault("hold", seconds=1.0))
            # The server has accepted a message and has not said so yet.
            wait_for(lambda: held in api.faults, seconds=20)
            time.sleep(0.2)
            process.kill()
            process.wait(10)
        with bot(api, tmp_path) as process:
            wait_for(lambda: len(answered(api)) == len(QUESTIONS), seconds=30)
            wait_for(lambda: api.unconfirmed == 0, seconds=10)
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0

        counts = answered(api)
        kinds = Counter(fault.kind for method, fault in api.faults if method == "sendMessage")
        assert len(QUESTIONS) >= 200
        assert counts.keys() == {f"grön {chat}-{number}" for chat, number in QUESTIONS}
        # Whether an answer arrived is unknown after a connection dropped too late, and after the kill.
        assert kinds["drop_after"] == 2
        assert kinds["hold"] == 1
        assert max(counts.values()) == 2
        assert sum(counts.values()) - len(QUESTIONS) <= kinds["drop_after"] + kinds["hold"]
        assert min(kinds[429], kinds[500], kinds[502], kinds["drop"]) >= 10
        for chat in range(1, CHATS + 1):
            firsts = list(dict.fromkeys(question(message.text) for message in api.to(chat)))
            assert firsts == [f"grön {chat}-{number}" for number in range(ROUNDS)]


def test_a_question_that_kills_the_bot_gets_an_apology_at_last(tmp_path):
    with TelegramApi(TOKEN) as api:
        ada, bo, eve = (Person(api, id) for id in (1, 2, 3))
        ada.says("Varför kraschar du?")
        for person in (bo, eve):
            person.says("grön 1-1")
        for _ in range(2):
            with bot(api, tmp_path) as process:
                assert process.wait(10) == -signal.SIGKILL
        with bot(api, tmp_path) as process:
            wait_for(lambda: ada.got and bo.got and eve.got, seconds=10)
            ada.says("grön 1-2")
            wait_for(lambda: len(ada.got) == 2, seconds=10)
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        # Handled once and for all.
        with bot(api, tmp_path) as process:
            bo.says("grön 1-3")
            wait_for(lambda: question(bo.last.text) == "grön 1-3", seconds=10)
        assert ada.got[0].text == load_texts("sv")("telegram.error")
        assert question(ada.got[1].text) == "grön 1-2"
        assert len(ada.got) == 2
        assert [question(message.text) for message in (bo.got[0], eve.got[0])] == ["grön 1-1"] * 2


def test_a_stop_is_heard_while_telegram_cannot_be_reached(tmp_path):
    with (
        TelegramApi(TOKEN, fault=lambda method, params: Fault(500)) as api,
        bot(api, tmp_path) as process,
    ):
        wait_for(lambda: api.count("getMe") > 2, seconds=10)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def question(text: str) -> str:
    match = ASKED.search(text)
    assert match, text
    return match[1]


def answered(api: TelegramApi) -> Counter[str]:
    return Counter(question(message.text) for message in list(api.sent))
