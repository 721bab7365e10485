"""Guards before every route: host, origin, size, headers, compression."""
