# /// hostile
# verdicts = ["wrong_answer", "output_limit", "memory_limit", "time_limit"]
# danger = "Answers just below the limit of a frame, on which a line by line comparison takes for ever."
# problem = "lines"
# ///
def f(x):
    if x == 1:
        return "a b\n" * 600_000
    return "ab" * 1_600_000
