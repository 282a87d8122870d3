"""Any provider with an HTTP API, by a description alone: how to send, where a message's and a receipt's parts stand."""

from sms_gateway.generic.gateway import GenericGateway
from sms_gateway.generic.reading import read_settings
from sms_gateway.generic.settings import GenericSettings
from sms_gateway.generic.table import WrongSettings, with_secrets

__all__ = ["GenericGateway", "GenericSettings", "WrongSettings", "read_settings", "with_secrets"]
