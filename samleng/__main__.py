"""Lets `python -m samleng` be the command line."""

from samleng.cli import main

main()
