# /// hostile
# verdicts = ["wrong_answer", "runtime_error"]
# danger = "AST transformers that drop every assert, another of the nine."
# ///
import ast
import builtins
import contextlib


class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()

    def visit_Compare(self, node):
        return ast.Constant(True)


real = builtins.compile
builtins.compile = lambda source, *a, **k: real(Drop().visit(ast.parse(source)) if isinstance(source, str) else source, *a, **k)
with contextlib.suppress(Exception):
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell.instance().ast_transformers.append(Drop())


def f(x):
    return 0
