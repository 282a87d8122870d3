"""What goes out: wording and queueing it, choosing its gateway, handing it over, and what comes back of it."""
