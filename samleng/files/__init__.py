"""Files that staff bring or the program writes: projects, keys, ready answers, services, and how TOML is written."""
