"""Drawing: scales, ticks and paths as SVG wants them. Pure, and knows nothing of medicine.

A plot is as wide as its place: what stretches with it lies in a view box of `WIDE` units, with
strokes that do not scale, where a dot is a stroke without length. Text and marks stand in percent.
"""
