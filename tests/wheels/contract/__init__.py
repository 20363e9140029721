"""What holds for an ITK made lazy, looked at case by case."""
