"""How rules are computed: pure array functions of a series, one module for each family."""
