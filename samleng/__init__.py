"""Samleng (សំឡេង, "voice"): grievance redress and feedback by SMS and Telegram; this package puts the rooms together."""
