"""What each answer means: on, again, back, or to a side line; one file a subject."""
