"""Disk layouts: computed (`nailgun`, `exact`), drawn, and written for those who carry them out (`writers`).

Rule: functions from values to values, on the model of `corral.domain.layout`; no I/O, no store, no settings.
"""
