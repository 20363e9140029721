"""Switches and version of the package."""

ITK_GLOBAL_VERSION_STRING = "1.0"

DefaultFactoryLoading = True
ImportCallback = None
