"""Twilio: a number or messaging service in the cloud, signed webhooks in, its REST API out."""

from sms_gateway.twilio.gateway import TwilioConfig, TwilioGateway

__all__ = ["TwilioConfig", "TwilioGateway"]
