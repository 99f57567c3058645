"""Starting the desk: its processes, its embedded Redis, its demo."""
