"""The gate: nothing is published that accepts wrong code. Used by ``greenroom check``."""
