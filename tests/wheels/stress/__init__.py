"""What takes many tries: all facts of stock and lazy, threads, processes."""
