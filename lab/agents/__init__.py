"""The disk agents that Corral's provisioning data is for, as they were published: bareon 0.0.1a3 and fuel-agent 11.

Role: each in a virtual environment of its own under the lab's directory, since what they ask for contradicts what Corral uses.
"""
