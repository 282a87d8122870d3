"""Commands about the installation: setting it up, running it, its database, gateways and console."""
