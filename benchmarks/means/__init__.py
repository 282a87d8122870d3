"""What benchmarks measure with: databases that are filled, real processes, load, stand-ins, and how figures are told."""
