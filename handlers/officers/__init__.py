"""The officers' side: commands by Telegram and SMS, buttons, drafts that are shown back, and codes that confirm."""
