# /// hostile
# verdicts = ["wrong_answer"]
# danger = "State kept in the class leaks from one case to the next: a common mistake, and a way to learn about other cases."
# problem = "counter"
# ///
class Counter:
    seen = []
    sum = 0

    def __init__(self, start):
        Counter.seen.append(start)
        Counter.sum += start

    def add(self, n):
        Counter.sum += n

    def total(self):
        print(Counter.seen)
        return Counter.sum
