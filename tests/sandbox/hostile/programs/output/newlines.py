# /// hostile
# verdicts = ["output_limit"]
# danger = "Few bytes, very many lines."
# ///
def f(x):
    print("\n" * 2_000_000)
    return x + 1
