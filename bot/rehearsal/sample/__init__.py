"""The sample tour as data files, a package so that they are installed with the product."""
