"""What stands before every route: the host, the origin, the size, headers, compression."""
