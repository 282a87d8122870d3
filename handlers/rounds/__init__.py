"""Payment rounds from the day they are known until everybody was asked whether the money came."""
