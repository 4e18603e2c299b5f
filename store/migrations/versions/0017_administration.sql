What administrators set.
