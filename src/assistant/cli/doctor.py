"""The command that looks whether all is well."""
