# /// hostile
# verdicts = ["output_limit"]
# danger = "Prints until something breaks."
# ///
def f(x):
    while True:
        print("flood", x)
