"""Which computations run now, which wait, which are refused; and that none runs on for no one."""
