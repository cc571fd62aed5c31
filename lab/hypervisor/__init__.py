"""A hypervisor of one's own: a private libvirtd with a few tiny guests that run in QEMU without KVM.

Role: what a rack's host looks like to Corral, small enough for a test. The daemon runs as an ordinary user with folders and sockets
of its own below /tmp; no service of the machine is touched, nothing listens on a network, and the guests end by themselves.
"""
