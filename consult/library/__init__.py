"""The studies: importing files, keeping them under the hash of their content, uploads."""
