"""Documents are parsed in a process of its own, so that a hostile one harms nothing else."""
