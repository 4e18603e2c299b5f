Saved filters, hand-over notes, what nurses chose.
