"""Long proofs: races, kills and random walks. `make prove` runs them at length, `make test` a slice."""
