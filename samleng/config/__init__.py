"""The configuration file: its tables and keys, and reading it with every fault found in one run."""

from samleng.config.fields import is_loopback
from samleng.config.sms import SmsGatewayConfig
from samleng.config.whole import Config, TelegramConfig, find_path, load
from samleng.files.projects import ConfigFaults, Fault

__all__ = ["Config", "ConfigFaults", "Fault", "SmsGatewayConfig", "TelegramConfig", "find_path", "is_loopback", "load"]
