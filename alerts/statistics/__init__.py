"""Descriptive statistics of one patient's readings, for pages and reports. Pure.

They describe and alert nobody. Numbers come as one-dimensional arrays in order of time; NaN, HI and
LO are left out of whatever needs a number. A statistic that its readings do not carry is NaN.
"""
