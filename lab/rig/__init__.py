"""The fault rig: many processes adopt many machines while each of them is killed, paused and cut off in turn.

Role: the proof that no machine is lost, doubly claimed or half managed, whatever dies. `python -m lab.rig --help` starts it;
it needs Corral's own environment (`make setup`) and the Debian packages of `lab.backing`.
"""
