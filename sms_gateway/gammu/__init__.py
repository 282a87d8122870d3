"""Gammu SMSD: a SIM in a USB modem, reached by SMSD's own tables; missed calls come to the web."""

from sms_gateway.gammu.calls import GammuCalls
from sms_gateway.gammu.gateway import GammuGateway
from sms_gateway.gammu.health import GammuHealth
from sms_gateway.gammu.loop import GammuLoop
from sms_gateway.gammu.settings import GammuSettings, example_configuration

__all__ = ["GammuCalls", "GammuGateway", "GammuHealth", "GammuLoop", "GammuSettings", "example_configuration"]
