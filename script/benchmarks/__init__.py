"""What script/bench measures: each file has run(), which gives rows of our figure and the peers beside it."""
