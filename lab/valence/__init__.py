"""A real Valence, the last release, with etcd and a small simulator of the ExpEther manager that it composes at."""
