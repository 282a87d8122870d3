"""The one form in which senders' numbers are kept, whichever gateway they came by."""

import phonenumbers
from phonenumbers import PhoneNumberFormat


def e164(address: str, country: str) -> str:
    """Return a phone number in E.164; a short code, an alphanumeric sender or anything else comes back as it is.

    `country` (ISO 3166, two letters) says how to read numbers without a country code. Those must be valid there,
    since a short code is a possible number too; one that says its country need only have a possible length, since
    new number ranges are in use before they are in the tables.
    """
    plain = address.strip()
    if any(character.isalpha() for character in plain):
        return plain
    try:
        number = phonenumbers.parse(plain, country)
    except phonenumbers.NumberParseException:
        return plain
    is_number = phonenumbers.is_possible_number if plain.startswith("+") else phonenumbers.is_valid_number
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if is_number(number) else plain
