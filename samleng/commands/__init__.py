"""The commands of `samleng`, one file a group."""
