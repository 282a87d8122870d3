"""Learning from labelled messages: reading their files, fitting the model, and telling honestly how good it is."""
