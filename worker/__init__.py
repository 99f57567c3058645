"""The timed side: what nobody asks for, and all that goes out."""
