"""How fast the project is: each benchmark prints figures as ratios against a limit that is measured in the same run."""
