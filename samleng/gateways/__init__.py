"""The SMS gateways of an installation: making them from the configuration, asking how they are, and trying them."""

from samleng.gateways.making import SmsGateways, register_phones

__all__ = ["SmsGateways", "register_phones"]
