# /// hostile
# verdicts = ["wrong_answer"]
# danger = "Nesting deeper than a recursive encoder, decoder, comparison or printer can go."
# problem = "vault"
# ///
def f(x):
    value = x
    for i in range(100_000):
        value = [value] if i % 2 else {"k": value}
    return value
