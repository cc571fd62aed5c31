"""Corral: brings machines that already run under management without disturbing them."""

__version__ = "0.1.0"
