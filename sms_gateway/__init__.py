"""SMS: the providers' web routes, and for each provider what its messages, receipts and failures mean."""

from sms_gateway.gateway import Gateway
from sms_gateway.routes import create_blueprint
from sms_gateway.twilio import TwilioConfig, TwilioGateway

__all__ = ["Gateway", "TwilioConfig", "TwilioGateway", "create_blueprint"]
