"""What a run gives back: a folder a run, immutable and complete, its manifest, and taking tables away."""
