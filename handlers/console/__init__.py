"""Use cases of the console: signing in, the desk's work, sensitive cases, calls, the printed slip."""
