"""All that a command of Samleng imports and reads at its start, for the process from which they are forked."""

import pkgutil
from importlib import import_module

import samleng.commands
from samleng import cli
from understanding import model, reader

for _found in pkgutil.walk_packages(samleng.commands.__path__, "samleng.commands."):
    import_module(_found.name)

_READING = reader.read("warm", model=model.packaged(), prefixes=("LP",))
assert cli.main
