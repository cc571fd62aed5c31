"""A virtual machine for what must not run on the machine itself: the agents, which wipe every array and volume group they see.

Role: Debian's kernel and tools in an initramfs of our own, in QEMU without KVM; blank disks; answers over the serial console.
"""
