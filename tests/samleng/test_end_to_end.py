"""The real process, from a signed request to the provider's hand, through restarts and `kill -9`."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import ANY

import pytest
import requests

from tests.support import telegram_updates as updates
from tests.support.databases import Databases
from tests.support.installation import Installation, installed
from tests.support.telegram_emulator import TOKEN as BOT_TOKEN
from tests.support.telegram_emulator import running_emulator

COMPLAINT = "លុយអត់ទាន់ចូលទេ ៣ខែហើយ"
REFERENCE = re.compile(r"LP-[0-9A-Z]{4}-[0-9A-Z]{2}")
AREAS = """code,level,parent,kind,name_km,name_lo,name_en
17,province,,province,សៀមរាប,,Siem Reap
1701,district,17,district,អង្គរជុំ,,Angkor Chum
170101,commune,1701,commune,ចារឈូក,,Char Chhuk
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[Installation]:
    url = "sqlite:///samleng.db" if request.param == "sqlite" else databases.fresh_url("postgresql")
    with installed(tmp_path, url) as made:
        yield made


def staffed(place: Installation) -> None:
    (place.folder / "areas.csv").write_text(AREAS, encoding="utf-8")
    place.command("import", "areas", "areas.csv")
    for number, (level, area) in enumerate(
        [
            ("commune", "170101"),
            ("district", "1701"),
            ("national", None),
            ("desk", None),
            ("focal", None),
            ("focal", None),
        ]
    ):
        words = ["staff", "add", "--name", f"N{number}", "--level", level, "--phone", f"01200000{number}"]
        place.command(*words, *(["--area", area] if area else []))


def test_a_complaint_is_answered_and_worked_on_through_every_face(place: Installation) -> None:
    staffed(place)
    place.command("check")
    place.start()
    first = place.sms("SM1", COMPLAINT)
    assert (first.status_code, first.text) == (200, "<Response/>")
    receipt, notice = place.provider.wait_for(2)
    assert receipt["To"] == "+85512345678"
    reference = REFERENCE.findall(receipt["Body"])[0]
    assert "PIN" in notice["Body"]
    assert place.sms("SM1", COMPLAINT).status_code == 200
    assert place.sms("SM2", "ចារឈូក", token="wrong").status_code == 403
    assert place.sms("SM3", "ចារឈូក").status_code == 200
    later = place.provider.wait_for(5)[2:]
    assert "ចារឈូក" in next(each["Body"] for each in later if each["To"] == "+85512345678")
    assert {each["To"] for each in later} == {"+85512345678", "+85512000000", "+85512000003"}
    assert not any(COMPLAINT in each["Body"] for each in later)
    shown = place.as_json("case", "show", reference)
    assert (shown["status"], shown["level"], shown["area"]) == ("new", "commune", "170101")
    assert [m["direction"] for m in shown["messages"]][:2] == ["in", "out"]
    assert shown["messages"][0]["text"] == COMPLAINT
    assert shown["events"][0]["type"] == "case.opened"
    assert [case["reference"] for case in place.as_json("case", "list")] == [reference]
    swept = place.as_json("sweep", "--at", "2030-01-01T02:00:00+00:00", "--drain")
    assert swept["escalate"] == 1
    assert place.as_json("case", "show", reference)["level"] == "district"
    place.sms("SM4", "សុំដករឿង")
    assert place.sms("SM5", "2").status_code == 200
    assert place.as_json("case", "show", reference)["outcome"] == "withdrawn"
    assert place.as_json("sweep", "--at", "2030-06-01T02:00:00+00:00")["keeping"] == 1
    emptied = place.as_json("case", "show", reference)
    assert ({m["text"] for m in emptied["messages"]}, emptied["category"]) == ({""}, "payment_missing")
    assert place.as_json("db", "verify") == {"ok": True, "entries": ANY, "unsealed": ANY, "faults": []}
    assert place.stop() == 0
    for secret in ("+85512345678", "85512345678", COMPLAINT, "12345:"):
        assert secret not in place.output()


def test_nothing_is_lost_by_killing_the_process(place: Installation) -> None:
    place.start()
    place.provider.gate.clear()
    place.sms("SM1", COMPLAINT)
    place.provider.wait_for(1)
    for number in range(2, 12):
        assert place.sms(f"SM{number}", COMPLAINT, f"+8551234567{number:02}").status_code == 200
    place.kill()
    place.provider.gate.set()
    assert len(place.as_json("case", "list")) == 11
    in_flight = len(place.provider.taken)
    soon = datetime.now(UTC) + timedelta(minutes=3)
    swept = place.as_json("sweep", "--at", soon.isoformat(), "--drain")
    assert swept["recover"] <= 16
    place.start()
    assert place.stop() == 0
    receipts = Counter(REFERENCE.findall(m["Body"])[0] for m in place.provider.taken if REFERENCE.search(m["Body"]))
    assert len(receipts) == 11
    assert max(receipts.values()) <= 2
    assert 22 <= len(place.provider.taken) <= 22 + in_flight
    assert place.as_json("db", "verify")["ok"]


def test_parts_run_in_processes_of_their_own(place: Installation) -> None:
    place.start("web")
    place.sms("SM1", COMPLAINT)
    web, place.process = place.process, None
    assert place.provider.taken == []
    place.start("worker")
    place.provider.wait_for(2)
    place.sms("SM2", COMPLAINT, "+85512345600")
    place.provider.wait_for(4)
    place.stop()
    place.process = web


def test_an_officer_registers_and_a_beneficiary_writes_by_telegram(tmp_path: Path, databases: Databases) -> None:
    with running_emulator() as telegram:
        bot = f'[[telegram]]\nname = "bot"\ntoken_env = "BOT_TOKEN"\nbase_url = "{telegram.base_url}"\n'
        with installed(tmp_path, "sqlite:///samleng.db", more=bot, BOT_TOKEN=BOT_TOKEN) as place:
            staffed(place)
            invitation = place.as_json("staff", "invite", "1")
            assert invitation["link"].startswith("https://t.me/")
            assert invitation["link"].endswith(invitation["code"])
            place.start()
            say(telegram, f"/start {invitation['code']}", chat=500)
            asked = telegram.wait_for("sendMessage", where=lambda call: call.fields["chat_id"] == 500)
            assert "request_contact" in str(asked.fields["reply_markup"])
            contact = {"phone_number": "85512000000", "user_id": 500, "first_name": "N"}
            telegram.push(updates.message(next(_numbers), contact=contact, **person(500)))
            telegram.wait_for("sendMessage", where=lambda call: "N0" in call.fields["text"])
            say(telegram, COMPLAINT, chat=600)
            receipt = telegram.wait_for("sendMessage", where=lambda call: call.fields["chat_id"] == 600)
            reference = REFERENCE.findall(receipt.fields["text"])[0]
            say(telegram, "ចារឈូក", chat=600)
            notice = telegram.wait_for(
                "sendMessage", where=lambda call: call.fields["chat_id"] == 500 and reference in call.fields["text"]
            )
            assert "inline_keyboard" in str(notice.fields["reply_markup"])
            his = {"type": "chat", "chat_id": 500}
            menu = telegram.wait_for("setMyCommands", 30, where=lambda call: call.fields.get("scope") == his)
            assert "take" in {each["command"] for each in menu.fields["commands"]}
            assert place.stop() == 0
            assert BOT_TOKEN not in place.output()


def test_what_wrong_requests_get(place: Installation) -> None:
    place.start("web")
    for path, status in {
        "/sms/unknown/receive": 404,
        "/telegram/unknown/webhook": 404,
        "/sms/twilio/receive": 403,
        "/phone/": 404,
        "/nothing": 404,
    }.items():
        assert requests.post(f"{place.url}{path}", data={}, timeout=10).status_code == status, path
    assert requests.get(f"{place.url}/healthz", timeout=10).text == "ok\n"
    assert requests.get(f"{place.url}/readyz", timeout=10).json()["migrations"]
    assert "samleng_inbound_waiting" in requests.get(f"{place.url}/metrics", timeout=10).text


def person(chat: int) -> dict[str, object]:
    who = {"id": chat, "first_name": "N", "is_bot": False}
    return {"chat": {"id": chat, "type": "private", "first_name": "N"}, "from": who}


_numbers = iter(range(9000, 99999))


def say(telegram: object, text: str, *, chat: int) -> None:
    telegram.push(updates.message(next(_numbers), text=text, message_id=next(_numbers), **person(chat)))  # type: ignore[attr-defined]
