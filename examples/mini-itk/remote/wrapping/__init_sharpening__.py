"""Runs when itk is imported: ITK's modules may have such a file."""

import sys

sys.modules["itk"].sharpening_is_installed = True
