"""The use cases: what the API and the command line ask for, in terms of the domain.

Rule: a service plans, authorizes by project, writes and submits; it acts on no machine itself — flows do.
"""
