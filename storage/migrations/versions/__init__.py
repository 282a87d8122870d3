"""The migrations, one line from the first on."""
