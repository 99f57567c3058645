"""The core: what did we promise to whom, and are we late?"""
