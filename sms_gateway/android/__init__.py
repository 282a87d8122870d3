"""An Android phone with "SMS Gateway for Android": one gateway a SIM, signed webhooks in, the phone's API out."""

from sms_gateway.android.gateway import AndroidGateway, AndroidSettings, AndroidSim
from sms_gateway.android.phone import AndroidAccess, PhoneHealth, WebhooksRefused

__all__ = [
    "AndroidAccess",
    "AndroidGateway",
    "AndroidSettings",
    "AndroidSim",
    "PhoneHealth",
    "WebhooksRefused",
]
