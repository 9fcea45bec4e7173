"""The sandbox: single-use boxes cloned from a warm zygote."""
