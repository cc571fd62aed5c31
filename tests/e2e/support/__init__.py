"""What end-to-end tests and benchmarks stand on: the lab as a client sees it, and Corral as a process of its own.

Rule: nothing here imports Corral. It reads Ironic, Neutron and the emulator by itself, so that a mistake of Corral's own
reading can't hide one of its writing.
"""
