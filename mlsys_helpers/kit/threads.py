"""One thread for work that is too small to share."""

from collections.abc import Callable
from functools import wraps


def one_thread(function: Callable) -> Callable:
    """Decorator: the arithmetic inside `function` runs on one thread.

    Fits of a few milliseconds gain nothing from more, and lose much on a busy machine, where threads wait for each
    other (on two busy cores twenty times the CPU time was seen).
    """

    @wraps(function)
    def alone(*args, **kwargs):
        from threadpoolctl import threadpool_limits  # looks through the loaded libraries: only when work begins

        with threadpool_limits(limits=1):
            return function(*args, **kwargs)

    return alone
