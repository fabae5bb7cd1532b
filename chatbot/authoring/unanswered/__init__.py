"""Questions asked in vain: one local file of them, and what their author can make of it. See the modules."""
