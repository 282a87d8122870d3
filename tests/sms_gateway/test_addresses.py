"""Senders' numbers in one form."""

import pytest

from sms_gateway.addresses import e164


@pytest.mark.parametrize(
    ("address", "country", "expected"),
    [
        ("+85512345678", "KH", "+85512345678"),
        (" 85512345678", "KH", "+85512345678"),  # a plus sign that nobody encoded
        ("85512345678", "KH", "+85512345678"),
        ("012345678", "KH", "+85512345678"),
        ("012 345-678", "KH", "+85512345678"),
        ("+8562055512345", "LA", "+8562055512345"),
        ("02055512345", "LA", "+8562055512345"),
        ("2055512345", "LA", "+8562055512345"),
        ("+8562055512345", "KH", "+8562055512345"),
        ("+14158675309", "KH", "+14158675309"),
        ("1288", "KH", "1288"),
        ("20202", "KH", "20202"),
        ("166", "LA", "166"),
        ("Metfone", "KH", "Metfone"),
        ("Metfone2", "KH", "Metfone2"),
        ("whatsapp:+85512345678", "KH", "whatsapp:+85512345678"),
        ("+1", "KH", "+1"),
        ("", "KH", ""),
        ("+", "KH", "+"),
    ],
)
def test_numbers_become_e164_and_the_rest_stays(address: str, country: str, expected: str) -> None:
    assert e164(address, country) == expected
