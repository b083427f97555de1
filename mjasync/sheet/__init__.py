"""The contact sheet: pictures in a folder, each with its facts, and one page that shows them from disk.

Rule 1: the command line and the library write the same page by the same code.
Rule 2: this layer saves, shows and reads back; it asks for nothing and pays for nothing.
"""
