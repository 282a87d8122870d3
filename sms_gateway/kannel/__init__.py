"""Kannel: an operator's SMPP account through smsbox, which calls by GET and takes what is sent by POST."""

from sms_gateway.kannel.conf import Boxes, SmppAccount, example_configuration
from sms_gateway.kannel.gateway import KannelGateway, KannelSettings, misfit

__all__ = ["Boxes", "KannelGateway", "KannelSettings", "SmppAccount", "example_configuration", "misfit"]
