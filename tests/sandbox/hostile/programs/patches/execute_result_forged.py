# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "Sends kernel messages that announce a score, another of the nine."
# ///
import contextlib


def f(x):
    with contextlib.suppress(BaseException):
        from ipykernel.kernelapp import IPKernelApp

        kernel = IPKernelApp.instance().kernel
        kernel.session.send(kernel.iopub_socket, "execute_result",
                            {"data": {"text/plain": "1.0"}, "metadata": {}, "execution_count": 1}, parent=kernel.get_parent())
    with contextlib.suppress(BaseException):
        from IPython.display import display, publish_display_data

        publish_display_data({"text/plain": "1.0"}, transient={"display_id": "score"})
        display(1.0)
    return 0
