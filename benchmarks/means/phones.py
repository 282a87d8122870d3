"""What people send while it is measured: conversations in Khmer and Lao, as requests that Twilio would sign."""

import base64
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import quote, quote_plus

ACCOUNT, TOKEN = "AC" + "0" * 32, "benchmark"
SENDER = "+18005551212"

KHMER = (
    "លុយអត់ទាន់ចូលទេ ៣ខែហើយ",
    "ឧបត្ថម្ភខែនេះមិនទាន់ចូលគណនីទេ អ្នកជិតខាងបានអស់ហើយ",
    "ខ្ញុំបានលុយតែ ៨ម៉ឺន គេសន្យា ១២ម៉ឺន",
    "ភ្នាក់ងារកាត់លុយខ្ញុំ ៥ពាន់ មិនប្រាប់មូលហេតុ",
    "គេលុបឈ្មោះខ្ញុំពីបញ្ជី ខ្ញុំនៅក្រដដែល",
    "អណ្ដូងទឹកខូចកន្លះឆ្នាំហើយ អត់មានអ្នកជួសជុល",
    "ផ្លូវចូលភូមិធ្វើហើយមួយខែ បាក់អស់ហើយ",
    "លុយសន្សំក្រុមយើងបាត់ ៣០ម៉ឺន អ្នកណាទទួលខុសត្រូវ",
    "មណ្ឌលសុខភាពគ្មានថ្នាំ កូនខ្ញុំមិនបានថ្លឹងទេ",
)
LAO = (
    "ເງິນຍັງບໍ່ເຂົ້າ 3 ເດືອນແລ້ວ",
    "ຂ້ອຍໄດ້ເງິນບໍ່ຄົບ ເຂົາບອກວ່າຈະໄດ້ສອງແສນ",
    "ຊື່ຂ້ອຍບໍ່ມີໃນບັນຊີ ແຕ່ເຮືອນຂ້ອຍທຸກ",
)
MORE = ("ផ្ទះខ្ញុំនៅជិតវត្ត សូមជួយមើលផង", "លុយអត់ទាន់ចូលទេ សូមជួយពិនិត្យឲ្យផង")
KHMER_HOUSE, LAO_HOUSE = "ផ្ទះលេខ", "ເຮືອນເລກທີ"
STATUS = "រឿងខ្ញុំដល់ណាហើយ?"


@dataclass(frozen=True, slots=True)
class Web:
    """Where the application listens, and the address over which Twilio signs."""

    port: int
    gateway: str = "twilio"

    @property
    def path(self) -> str:
        """Return the path that takes messages."""
        return f"/sms/{self.gateway}/receive"

    def request(self, sid: str, number: str, text: str) -> bytes:
        """Return a whole signed HTTP request that brings an SMS, with the fields that Twilio sends."""
        fields = {
            "ToCountry": "US",
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "SmsStatus": "received",
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "From": number,
            "FromCountry": "KH",
            "To": SENDER,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
        }
        body = "&".join(f"{name}={quote_plus(value)}" for name, value in fields.items()).encode()
        head = {"X-Twilio-Signature": self._signature(fields), "User-Agent": "TwilioProxy/1.1", "Accept": "*/*"}
        return post(self.path, body, port=self.port, headers=head)

    def _signature(self, fields: dict[str, str]) -> str:
        """Sign as Twilio does: address, then each field's name and value in order, HMAC-SHA1."""
        signed = f"http://127.0.0.1:{self.port}{self.path}" + "".join(f"{k}{fields[k]}" for k in sorted(fields))
        return base64.b64encode(hmac.digest(TOKEN.encode(), signed.encode(), "sha1")).decode()


def post(path: str, body: bytes, *, port: int, headers: dict[str, str]) -> bytes:
    """Return a whole HTTP request that posts a form."""
    lines = [
        f"POST {quote(path)} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class People:
    """Those who write: every client is one person after the other, each with a conversation of four messages.

    Every second one is known already (the given numbers), the others write for the first time. No number is used twice.
    """

    def __init__(self, known: Sequence[str], places: Sequence[str]) -> None:
        self._known = iter(known)
        self._places = places
        self._serials, self._sids = count(1), count(1)

    def conversations(self, web: Web) -> Iterator[bytes]:
        """Return requests without end: a complaint, where it is, a word more, and how it stands.

        No two complaints are alike, as in life, so that nothing is gained by remembering whole texts.
        """
        while True:
            serial = next(self._serials)
            number = self._next_number(serial)
            complaints, house = (LAO, LAO_HOUSE) if serial % 4 == 0 else (KHMER, KHMER_HOUSE)
            texts = (
                f"{complaints[serial % len(complaints)]} {house} {serial}",
                self._places[serial % len(self._places)],
                f"{MORE[serial % len(MORE)]} {KHMER_HOUSE} {serial}",
                STATUS,
            )
            for text in texts:
                yield web.request(f"SM{next(self._sids):032}", number, text)

    def _next_number(self, serial: int) -> str:
        new = f"+85588{serial:07}"
        return next(self._known, new) if serial % 2 else new
